"""What training asks of scores and features, one objective a module, each over plain tensors."""
