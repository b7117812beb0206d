"""Native code that needs no compiler where it runs: C, compiled to WebAssembly, run by wasmtime.

Here live the way to run such code (`kernel.py`) and what of wasmtime that takes (`runtime.py`),
where its machine code is kept (`kept.py`), what its sources share (`kernel.h`) and what compiles
them (`build.py`). The sources lie beside the
Python that calls them, and what they compile to beside them. May import nobody of ours.
"""
