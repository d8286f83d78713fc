"""Writes the networks of the comparison as ONNX files for onnxruntime.mjs, in evaluation mode, for any batch:
  .peer/bin/python bench/peers/export_onnx.py FOLDER
"""
import os, sys, warnings
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from networks import makers

warnings.filterwarnings("ignore")
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for name, make in makers.items():
    torch.manual_seed(0)
    model, shape, _ = make()
    file = os.path.join(folder, f"{name}.onnx")
    torch.onnx.export(model.eval(), torch.randn(2, *shape), file, dynamo=False, opset_version=17, input_names=["input"],
                      output_names=["logits"], dynamic_axes={"input": {0: "n"}, "logits": {0: "n"}})
    print(file)
