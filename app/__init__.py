"""The program: the terminal commands, and the window."""

import os

# NumPy's products are small here. Threads of its own would mostly wait for each other and for those
# of ONNX Runtime: on a busy machine a clip's codes then take 35 ms instead of 2.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
