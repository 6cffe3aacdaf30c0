"""Models as ONNX files: judged by their bytes, then run by onnxruntime. Imported in the compute process only."""
