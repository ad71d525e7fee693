"""Balance: how the losses of the fused and of each modality's own answer become gradients; one method, one file."""
