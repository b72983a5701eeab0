"""Work shared out: one process, several on this machine, or a Dask cluster, behind one protocol."""
