"""The torch side of TokenAlign: modules that are trained, then exported to ONNX.

Nothing outside this package and the trainer may import it: the program runs without torch.
"""
