"""polysight: multimodal image classification you can defend."""
