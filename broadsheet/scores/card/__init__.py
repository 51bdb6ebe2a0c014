"""The model card: what readers and journalists are told about the scorer, made from its measured figures."""
