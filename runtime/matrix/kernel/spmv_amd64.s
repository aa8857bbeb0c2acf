//go:build !noasm

#include "textflag.h"

// func mulRowsFMA(rows int, rowPtr *int, val *float64, idx *int32, x *float64, y *float64)
TEXT ·mulRowsFMA(SB), NOSPLIT, $0-48
	MOVQ rows+0(FP), AX
	MOVQ rowPtr+8(FP), BX
	MOVQ val+16(FP), CX
	MOVQ idx+24(FP), DX
	MOVQ x+32(FP), SI
	MOVQ y+40(FP), DI
	MOVQ (BX), R8

row:
	MOVQ   8(BX), R9
	VXORPD X0, X0, X0
	VXORPD X1, X1, X1
	VXORPD X2, X2, X2
	VXORPD X3, X3, X3

	// The end of a loop is guessed wrong once a row: short rows have one loop.
	LEAQ -16(R9), R14
	CMPQ R8, R14
	JGT  rest
	LEAQ -4(R9), R14

four:
	CMPQ        R8, R14
	JGT         rest
	MOVLQSX     (DX)(R8*4), R10
	MOVLQSX     4(DX)(R8*4), R11
	MOVLQSX     8(DX)(R8*4), R12
	MOVLQSX     12(DX)(R8*4), R13
	VMOVSD      (CX)(R8*8), X4
	VMOVSD      8(CX)(R8*8), X5
	VMOVSD      16(CX)(R8*8), X6
	VMOVSD      24(CX)(R8*8), X7
	VFMADD231SD (SI)(R10*8), X4, X0
	VFMADD231SD (SI)(R11*8), X5, X1
	VFMADD231SD (SI)(R12*8), X6, X2
	VFMADD231SD (SI)(R13*8), X7, X3
	ADDQ        $4, R8
	JMP         four

one:
	MOVLQSX     (DX)(R8*4), R10
	VMOVSD      (CX)(R8*8), X4
	VFMADD231SD (SI)(R10*8), X4, X0
	INCQ        R8

rest:
	CMPQ   R8, R9
	JLT    one
	VADDSD X1, X0, X0
	VADDSD X3, X2, X2
	VADDSD X2, X0, X0
	VMOVSD X0, (DI)
	ADDQ   $8, DI
	ADDQ   $8, BX
	DECQ   AX
	JNZ    row
	RET
