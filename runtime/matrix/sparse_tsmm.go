package matrix

import "gdml/runtime/matrix/kernel"

// tsmmSparse joins the stored cells of every row with themselves; wide results come from the sparse product.
func tsmmSparse(c *Ctx, x *Matrix, left bool) *Matrix {
	const narrow = 512
	if !left || x.cols > narrow {
		t := FromCSR(x.cols, x.rows, x.sparse.transposed(x.rows, x.cols))
		if left {
			return mulSparse(c, t, x)
		}
		return mulSparse(c, x, t)
	}
	n := x.cols
	grain := max(1, (x.rows+splitParts-1)/splitParts, cellGrain*x.rows/(1+len(x.sparse.Val)))
	parts := make([]*Matrix, (x.rows+grain-1)/grain)
	c.workers().Do(len(parts), func(k int) {
		o := New(c, n, n)
		for i := k * grain; i < min((k+1)*grain, x.rows); i++ {
			cols, vals := x.sparse.row(i)
			for p, j := range cols {
				kernel.ScatterAxpy(vals[p], vals[p:], cols[p:], o.dense[int(j)*n:(int(j)+1)*n])
			}
		}
		parts[k] = o
	})
	out := New(c, n, n)
	for _, p := range parts {
		kernel.Add(out.dense, out.dense, p.dense)
		p.Release()
	}
	mirror(c, out)
	return out
}
