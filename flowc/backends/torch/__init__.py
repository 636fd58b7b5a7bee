"""The torch backend: functions, an nn.Module, nn.Sequential. It writes torch and never imports it."""

from flowc.backends.torch.backend import TorchBackend

__all__ = ["TorchBackend"]
