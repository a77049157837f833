# The decoders of the Llama line as one program: Llama, Mistral, SmolLM2, Qwen2, Qwen3, Phi-3.
#
# This file is the network itself: the same text serves and trains. All tokens lie in one flat row of T tokens, each with
# its position; where a sequence begins and ends matters to attention and to the adapters alone. Sizes are derived from
# the weights, so nothing here names a model.
#
# The class continues in a second file, which says how tokens attend to each other (`attention`) and what adapters add
# (`adapt`): for serving with keys and values of earlier steps, for training with gradients.
#
# weights: embedding, norm, head; then for each layer: norm, query-key-value with bias, norms of queries and keys, output,
#          norm, gate and up, down; an empty tensor stands for one that the family does not have
# dims:    query heads, key-value heads, head width, sliding window (0: none)
# dtypes:  6 is float32
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---------------------------------------------------------------------------------------------------- a layer

  # x:         the residual stream [T, hidden]
  # constants: see `constants`
  # spans:     where sequences begin and end, as `attention` reads it; places, masks and cache too
  # mixes:     which adapters, as `adapt` reads it; members, shares, factors and banks too
  def layer(self: __torch__.Decoder, x: Tensor, layer: int, layers: int, rotation: Tensor, constants: List[Tensor],
            dims: List[int], weights: List[Tensor], spans: List[int], places: List[Tensor], masks: List[Tensor],
            cache: List[Tensor], mixes: List[int], members: Tensor, shares: Tensor, factors: List[float],
            banks: List[Tensor]) -> Tensor:
    first = 3 + layer * 8
    h = (self).norm(x, weights[first], constants[0])
    qkv = (self).linear(h, weights[first + 1], weights[first + 2])
    if len(mixes) > 0:
      qkv = (self).adapt(h, qkv, 0, layer, layers, mixes, members, shares, factors, banks)
    qkv = qkv.view([-1, dims[0] + 2 * dims[1], dims[2]])
    h = (self).attention(qkv, weights[first + 3], layer, rotation, constants, dims, spans, places, masks, cache)
    x = (self).linear_add(h, weights[first + 4], x)
    if len(mixes) > 0:
      x = (self).adapt(h, x, 1, layer, layers, mixes, members, shares, factors, banks)
    h = (self).norm(x, weights[first + 5], constants[0])
    gate_up = (self).linear(h, weights[first + 6], constants[2])
    if len(mixes) > 0:
      gate_up = (self).adapt(h, gate_up, 2, layer, layers, mixes, members, shares, factors, banks)
    width = gate_up.size(1) // 2
    h = torch.mul(torch.silu(torch.narrow(gate_up, 1, 0, width)), torch.narrow(gate_up, 1, width, width))
    x = (self).linear_add(h, weights[first + 7], x)
    if len(mixes) > 0:
      x = (self).adapt(h, x, 3, layer, layers, mixes, members, shares, factors, banks)
    return x

  # What the norms of the residual stream and of the heads add, and an empty tensor.
  def constants(self: __torch__.Decoder, x: Tensor, dims: List[int], epsilon: float) -> List[Tensor]:
    return [torch.full([1], torch.sqrt(epsilon * x.size(1)), dtype=6, device=x.device),
            torch.full([1], torch.sqrt(epsilon * dims[2]), dtype=6, device=x.device),
            torch.empty([0], dtype=x.dtype, device=x.device)]

  # ---------------------------------------------------------------------------------------------------- parts of a layer

  def linear(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    optional = annotate(Optional[Tensor], None)
    if bias.numel() > 0:
      optional = bias
    if weight.is_mkldnn:
      return ops.mkldnn._linear_pointwise(x, weight, optional, "none", annotate(List[Optional[number]], []), "")
    return torch.linear(x, weight, optional)

  # x W' + y, as one operator where there is one.
  def linear_add(self: __torch__.Decoder, x: Tensor, weight: Tensor, y: Tensor) -> Tensor:
    if weight.is_mkldnn:
      return ops.mkldnn._linear_pointwise(x, y, weight, None, "add")
    return torch.add(torch.linear(x, weight), y)

  # RMS norm of rows of width n, x / sqrt(mean(x^2) + epsilon) * w, as x / hypot(|x|, sqrt(n epsilon)) * (sqrt(n) w): half
  # as many operators. The weight is sqrt(n) w, the constant sqrt(n epsilon).
  def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor, constant: Tensor) -> Tensor:
    wide = x.to(6)
    length = torch.hypot(torch.linalg_vector_norm(wide, 2, [-1], True), constant)
    return torch.mul(torch.div(wide, length).to(x.dtype), weight)

  # The turn of every pair at every token, as complex numbers [T, 1, head width / 2].
  def rotation(self: __torch__.Decoder, positions: Tensor, sets: Tensor, rotary: List[Tensor]) -> Tensor:
    angles = torch.mul(torch.unsqueeze(positions.to(6), 1), torch.index_select(rotary[0], 0, sets))
    scale = torch.unsqueeze(torch.index_select(rotary[1], 0, sets), 1)
    return torch.unsqueeze(torch.polar(torch.expand_as(scale, angles).contiguous(), angles), 1)

  # ---------------------------------------------------------------------------------------------------- preparation

  # One weight of the program from one or several of the model's, stacked. The rows of a part with heads > 0 are
  # reordered so that the two halves of a rotary pair become neighbours. Packed for oneDNN if wanted.
  def prepare(self: __torch__.Decoder, parts: List[Tensor], heads: List[int], dtype: int, packed: bool) -> Tensor:
    stacked = annotate(List[Tensor], [])
    for part in range(len(parts)):
      stacked.append((self).pair(parts[part].to(dtype), heads[part]))
    weight = stacked[0]
    if len(stacked) > 1:
      weight = torch.cat(stacked)
    if packed:
      return ops.mkldnn._reorder_linear_weight(weight.contiguous(), 16)
    return weight.contiguous()

  def pair(self: __torch__.Decoder, x: Tensor, heads: int) -> Tensor:
    if heads == 0:
      return x
    rows = torch.transpose(torch.unflatten(x, 0, [heads, 2, -1]), 1, 2)
    return torch.flatten(rows, 0, 2)

  # The weight of a norm, as `norm` takes it.
  def prepare_norm(self: __torch__.Decoder, weight: Tensor, dtype: int) -> Tensor:
    return torch.mul(weight.to(6), torch.sqrt(weight.size(0))).to(dtype)

  # The norms of queries and keys as one weight [heads + key-value heads, head width].
  def prepare_norms(self: __torch__.Decoder, query: Tensor, key: Tensor, dims: List[int], dtype: int) -> Tensor:
    q = torch.expand((self).prepare_norm((self).pair(query, 1), dtype), [dims[0], -1])
    k = torch.expand((self).prepare_norm((self).pair(key, 1), dtype), [dims[1], -1])
    return torch.cat([q, k])

  # Ordinary tensors of the same values: what inference mode makes, autograd refuses to save.
  def ordinary(self: __torch__.Decoder, tensors: List[Tensor]) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    for tensor in tensors:
      result.append(torch.clone(tensor))
    return result
