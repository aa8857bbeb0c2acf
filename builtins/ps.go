package builtins

import (
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/paramserv"
)

const training = "Training"

// psFuncs are the parameter server and what building its model lists needs.
func psFuncs() []*Func { return []*Func{paramServer(), setNames(), strsplit()} }

// Positions of paramserv's parameters.
const (
	psModel = iota
	psFeatures
	psLabels
	psUpd
	psAgg
	psEpochs
	psValFeatures
	psValLabels
	psVal
	psMode
	psUType
	psFreq
	psBatchSize
	psK
	psScheme
	psHyper
	psNBatches
	psModelAvg
	psWeighting
	psAlpha
	psSeed
	psCheckpointing
	psBackup
	psBalancing
	psHE
	psStaleness
	psServers
	psCheckpointDir
	psResume
	psPrefetch
	psImbalance
	psCompress
	psLocalSteps
	psRetries
	psReshuffle
	psSchemeCompat
)

func psParams() []types.Param {
	function := func(p types.Param) types.Param {
		p.Func = true
		return p
	}
	return []types.Param{
		psModel:       need("model", types.ListT, "initial parameters and optimizer state: matrices and scalars"),
		psFeatures:    need("features", types.Mat, "training rows"),
		psLabels:      need("labels", types.Mat, "targets, as many rows as features"),
		psUpd:         function(need("upd", types.Str, "function of the gradients of a batch")),
		psAgg:         function(need("agg", types.Str, "function of the model after a step along gradients")),
		psEpochs:      need("epochs", types.IntT, "passes over the data, at least 1"),
		psValFeatures: may("val_features", types.Mat, "", "validation rows"),
		psValLabels:   may("val_labels", types.Mat, "", "validation targets"),
		psVal:         function(may("val", types.Str, "", "function of loss and accuracy on the validation rows")),
		psMode:        may("mode", types.Str, `"LOCAL"`, "where the workers run; LOCAL is the only word"),
		psUType:       word("utype", "ASP", paramserv.StrategyNames(), "update type"),
		psFreq:        word("freq", "EPOCH", paramserv.Freqs(), "how many batches a push covers"),
		psBatchSize:   may("batchsize", types.IntT, "64", "rows of a batch"),
		psK:           may("k", types.IntT, "", "workers; default: the threads at hand, but not more than there are batches"),
		psScheme:      word("scheme", "DISJOINT_CONTIGUOUS", paramserv.SchemeNames(), "how rows are assigned to workers"),
		psHyper:       may("hyperparams", types.ListT, "", "passed on to the functions that declare it"),
		psNBatches:    may("nbatches", types.IntT, "1", "batches behind a push under freq=\"NBATCHES\""),
		psModelAvg:    may("modelAvg", types.Scal, "FALSE", "push models and average them, instead of gradients"),
		psWeighting:   may("weighting", types.Scal, "FALSE", "weigh averaged models by their rows (modelAvg where workers wait for rounds)"),
		psAlpha:       may("alpha", types.Dbl, "", "weight of a pushed model where workers do not wait, with modelAvg (default 1/k), and under EASGD (default 0.9/k)"),
		psSeed:        may("seed", types.IntT, "", "seed of partitions and of what the functions draw; default: from the run's seed"),

		psCheckpointing: word("checkpointing", "NONE", paramserv.CheckpointWords(), "write the state to checkpoint_dir after every epoch, or every tenth"),
		psCheckpointDir: may("checkpoint_dir", types.Str, "", "directory of the checkpoints of this call"),
		psResume:        may("resume", types.Scal, "FALSE", "go on from the newest checkpoint in checkpoint_dir, if there is one"),
		psBackup:        may("num_backup_workers", types.Scal, "1", "SBP: workers that a round does not wait for, or \"auto\""),
		psStaleness:     may("staleness", types.IntT, "1", "SSP: rounds that a worker may be ahead of the slowest"),
		psServers:       may("servers", types.IntT, "1", "shards of the model that are updated side by side"),
		psPrefetch:      may("prefetch", types.Scal, "TRUE", "cut the next batch while one is computed"),
		psImbalance:     word("imbalance", "SKIP", paramserv.Imbalances(), "what workers with fewer batches do: wait, repeat theirs, or set the end for all"),
		psCompress:      may("compress", types.Str, `"NONE"`, "of pushed gradients: "+paramserv.CompressionWords),
		psLocalSteps:    may("localsteps", types.IntT, "", "short for freq=\"NBATCHES\", nbatches=localsteps, modelAvg=TRUE"),
		psRetries:       may("retries", types.IntT, "0", "times that a failed batch is computed anew; above 0 the rows of lost workers go to the others"),
		psReshuffle:     may("reshuffle", types.Scal, "FALSE", "OVERLAP_RESHUFFLE: a new order in every epoch"),
		psSchemeCompat:  may("scheme_compat", types.Scal, "FALSE", "contiguous blocks of ceil(rows/k) rows, the last ones shorter"),
		psBalancing:     word("runtime_balancing", "NONE", []string{"NONE"}, "only for federated data, which gdml does not have"),
		psHE:            may("he", types.Scal, "FALSE", "must be FALSE: there is no encryption"),
	}
}

func paramServer() *Func {
	return &Func{
		Signature: types.Signature{
			Name:      "paramserv",
			Params:    psParams(),
			Binding:   types.Named,
			NamesOnly: true,
			Results:   []types.Type{types.ListT, types.Mat},
			Check:     psCheck,
		},
		Family: training,
		Doc: "Trains a model with a parameter server and k parallel workers. upd, agg and val name functions, as \"f\", \"alias::f\", " +
			"\"path.dml::f\", or by the bare name f; their inputs are bound by name. upd(model, hyperparams, features, labels) returns the list " +
			"of gradients of a batch; agg(model, hyperparams, gradients) returns the new model; val(model, hyperparams, val_features, val_labels) " +
			"returns loss and accuracy. Each may leave out inputs, and may declare psinfo, a list with epoch, round, iter, worker, workers, rows and " +
			"batchsize, all counted from 1; for agg, rows is the number of rows behind the gradients, and worker is 0 when several workers were combined. " +
			"utype BSP makes one update per round with the sum of the gradients of all workers, and is deterministic; ASP makes one per push; " +
			"SBP is BSP without waiting for the slowest; SSP is ASP with a bound on how far workers are apart; HOGWILD is ASP on one shared " +
			"model without locks, for an agg that is model - step*gradient; EASGD keeps a model per worker and averages elastically. " +
			"freq BATCH pushes after every batch; NBATCHES and EPOCH update a local copy of the model in between and push the sum of the gradients, " +
			"or the local model with modelAvg. The result is the model. A second result, [M, H] = paramserv(...), is the history: a row per epoch with " +
			"epoch, seconds, pushes, mean and largest staleness in updates, loss and accuracy (NaN without validation).",
		Example: `grad = function(list[unknown] model, matrix[double] features) return (list[unknown] g) { g = list(as.matrix(model["m"]) - colMeans(features)) }; ` +
			`step = function(list[unknown] model, list[unknown] gradients) return (list[unknown] m) { m = list(m = as.matrix(model["m"]) - 0.5 * as.matrix(gradients[1])) }; ` +
			`X = seq(1, 4); M = paramserv(model=list(m=matrix(0, 1, 1)), features=X, labels=X, upd="grad", agg="step", utype="BSP", freq="BATCH", epochs=20, k=1); ` +
			`print(round(100 * as.scalar(as.matrix(M["m"]))))  # 250.0`,
		Shape: func([]op.Shape) ([]op.Shape, error) {
			return []op.Shape{op.Dims(op.Unknown, 1), op.Dims(op.Unknown, 7)}, nil
		},
		Explain: psExplain,
		Call:    callParamServer,
	}
}
