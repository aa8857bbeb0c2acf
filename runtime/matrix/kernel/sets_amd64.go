//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

// sets returns the sets that this processor can run, the best last.
func sets() []*set {
	all := []*set{generic()}
	x := &cpu.X86
	if !x.HasAVX2 || !x.HasFMA || !x.HasBMI2 || !x.HasPOPCNT {
		return all
	}
	all = append(all, avx2())
	if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL {
		all = append(all, avx512())
	}
	return all
}

// avx512 returns the set in assembly with vectors of 8.
func avx512() *set {
	v := &vector{
		long:  avx2Routines(),
		lanes: 8, tileRows: 8, dot: dotAVX512, dotRows: dotRowsAVX512, axpyRows: axpyRowsAVX512,
		sum:    func(x []float64, _ float64) (s, c float64) { return sumAVX512(x) },
		square: sumSqAVX512, sumRows: sumRowsAVX512, min: minAVX512, max: maxAVX512,
		count: countNonZeroAVX512, lastEqual: lastEqualAVX512,
		addRow: addRows1AVX512, addGroup: addRows8AVX512, addRowSq: addRowsSq1AVX512, addGroupSq: addRowsSq8AVX512,
		copyA: copyAAVX512, copyB: copyBAVX512, transpose: transposeAVX512,
		xy: [numOps]func(dst, x, y []float64){
			Plus: addXYAVX512, Sub: subXYAVX512, Mul: mulXYAVX512, Div: divXYAVX512, Eq: eqXYAVX512, Ne: neXYAVX512,
			Lt: ltXYAVX512, Le: leXYAVX512, Gt: gtXYAVX512, Ge: geXYAVX512, Lesser: minXYAVX512, Greater: maxXYAVX512,
		},
		xs: [numOps]func(dst, x []float64, s float64){
			Plus: addXSAVX512, Sub: subXSAVX512, From: subSXAVX512, Mul: mulXSAVX512, Div: divXSAVX512, Into: divSXAVX512,
			Eq: eqXSAVX512, Ne: neXSAVX512, Lt: ltXSAVX512, Le: leXSAVX512, Gt: gtXSAVX512, Ge: geXSAVX512,
			Lesser: minXSAVX512, Greater: maxXSAVX512,
		},
		fun: [numFuncs]func(dst, x []float64){
			Exp: expAVX512, Log: logAVX512, Tanh: tanhAVX512, Sigmoid: sigmoidAVX512,
			Sqrt: sqrtAVX512, Abs: absAVX512, Square: squareAVX512, Not: notAVX512,
		},
		panels: [panelVectors][2]panelRows{
			{panel1AVX512, panel1FarAVX512},
			{panel2AVX512, panel2FarAVX512},
			{panel3AVX512, panel3FarAVX512},
			{panel4AVX512, panel4FarAVX512},
		},
		plusMul: plusMulAVX512, axpy: axpyAVX512, symRows: symRowsAVX512, solveRows: solveRowsAVX512, stream: streamAVX512, fence: fenceAVX512,
		tiles: [8][3]micro{
			{gemm1x1AVX512, gemm1x2AVX512, gemm1x3AVX512}, {gemm2x1AVX512, gemm2x2AVX512, gemm2x3AVX512},
			{gemm3x1AVX512, gemm3x2AVX512, gemm3x3AVX512}, {gemm4x1AVX512, gemm4x2AVX512, gemm4x3AVX512},
			{gemm5x1AVX512, gemm5x2AVX512, gemm5x3AVX512}, {gemm6x1AVX512, gemm6x2AVX512, gemm6x3AVX512},
			{gemm7x1AVX512, gemm7x2AVX512, gemm7x3AVX512}, {gemm8x1AVX512, gemm8x2AVX512, gemm8x3AVX512},
		},
	}
	v.full = v.tiles
	return v.set("avx512")
}

// avx2 returns the set in assembly with vectors of 4.
func avx2() *set { return avx2Routines().set("avx2") }

func avx2Routines() *vector {
	return &vector{
		lanes: 4, tileRows: 4, dot: dotAVX2, dotRows: dotRowsAVX2, axpyRows: axpyRowsAVX2,
		sum:    func(x []float64, _ float64) (s, c float64) { return sumAVX2(x) },
		square: sumSqAVX2, sumRows: sumRowsAVX2, min: minAVX2, max: maxAVX2,
		count: countNonZeroAVX2, lastEqual: lastEqualAVX2,
		addRow: addRows1AVX2, addGroup: addRows8AVX2, addRowSq: addRowsSq1AVX2, addGroupSq: addRowsSq8AVX2,
		copyA: copyAAVX2, copyB: copyBAVX2, transpose: transposeAVX2,
		xy: [numOps]func(dst, x, y []float64){
			Plus: addXYAVX2, Sub: subXYAVX2, Mul: mulXYAVX2, Div: divXYAVX2, Eq: eqXYAVX2, Ne: neXYAVX2,
			Lt: ltXYAVX2, Le: leXYAVX2, Gt: gtXYAVX2, Ge: geXYAVX2, Lesser: minXYAVX2, Greater: maxXYAVX2,
		},
		xs: [numOps]func(dst, x []float64, s float64){
			Plus: addXSAVX2, Sub: subXSAVX2, From: subSXAVX2, Mul: mulXSAVX2, Div: divXSAVX2, Into: divSXAVX2,
			Eq: eqXSAVX2, Ne: neXSAVX2, Lt: ltXSAVX2, Le: leXSAVX2, Gt: gtXSAVX2, Ge: geXSAVX2,
			Lesser: minXSAVX2, Greater: maxXSAVX2,
		},
		fun: [numFuncs]func(dst, x []float64){
			Exp: expAVX2, Log: logAVX2, Tanh: tanhAVX2, Sigmoid: sigmoidAVX2,
			Sqrt: sqrtAVX2, Abs: absAVX2, Square: squareAVX2, Not: notAVX2,
		},
		panels: [panelVectors][2]panelRows{
			{panel1AVX2, panel1FarAVX2},
			{panel2AVX2, panel2FarAVX2},
			{panel3AVX2, panel3FarAVX2},
			{panel4AVX2, panel4FarAVX2},
		},
		plusMul: plusMulAVX2, axpy: axpyAVX2, symRows: symRowsAVX2, solveRows: solveRowsAVX2, stream: streamAVX2, fence: fenceAVX2,
		tiles: [8][3]micro{
			{gemm1x1AVX2, gemm1x2AVX2, gemm1x3AVX2}, {gemm2x1AVX2, gemm2x2AVX2, gemm2x3AVX2},
			{gemm3x1AVX2, gemm3x2AVX2, gemm3x3AVX2}, {gemm4x1AVX2, gemm4x2AVX2, gemm4x3AVX2},
		},
		full: [8][3]micro{
			{gemm1x1FullAVX2, gemm1x2FullAVX2, gemm1x3FullAVX2}, {gemm2x1FullAVX2, gemm2x2FullAVX2, gemm2x3FullAVX2},
			{gemm3x1FullAVX2, gemm3x2FullAVX2, gemm3x3FullAVX2}, {gemm4x1FullAVX2, gemm4x2FullAVX2, gemm4x3FullAVX2},
		},
	}
}
