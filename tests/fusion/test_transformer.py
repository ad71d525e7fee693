"""The transformer's attention against PyTorch's own, and its options."""

import pytest
import torch

from polysight.core.errors import ConfigError
from polysight.fusion.attention import Block
from polysight.fusion.transformer import TokenTransformer


def test_block_equals_torch_encoder_layer():
    torch.manual_seed(0)
    width, heads = 8, 2
    ours = Block(width, heads, dropout=0.0).eval()
    theirs = torch.nn.TransformerEncoderLayer(
        width, heads, 2 * width, 0.0, activation="gelu", batch_first=True, norm_first=True
    ).eval()
    theirs.self_attn.in_proj_weight.data = ours.queries_keys_values.weight.data
    theirs.self_attn.in_proj_bias.data = ours.queries_keys_values.bias.data
    theirs.self_attn.out_proj.load_state_dict(ours.after_attention.state_dict())
    theirs.norm1.load_state_dict(ours.before_attention.state_dict())
    theirs.norm2.load_state_dict(ours.network[0].state_dict())
    theirs.linear1.load_state_dict(ours.network[1].state_dict())
    theirs.linear2.load_state_dict(ours.network[3].state_dict())
    values = torch.randn(4, 5, width)
    present = torch.tensor(
        [[True] * 5, [True, False, True, False, True], [True] + [False] * 4, [True] * 3 + [False] * 2]
    )
    with torch.no_grad():
        expected = theirs(values, src_key_padding_mask=~present)
        result, looks = ours(values, present)
    torch.testing.assert_close(result[present], expected[present], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(looks.sum(dim=-1), torch.ones(4, 5))


@pytest.mark.parametrize("options", [{"heads": 3}, {"depth": 0}])
def test_impossible_shapes_are_refused(options):
    with pytest.raises(ConfigError, match="transformer"):
        TokenTransformer(["a"], 16, **options)
