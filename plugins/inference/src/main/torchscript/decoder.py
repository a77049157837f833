# The decoders of the Llama line as one program: Llama, Mistral, SmolLM2, Qwen2, Qwen3, Phi-3.
#
# A step takes all tokens of a batch in one flat row of T tokens, each with its position and its place in the key-value
# memory; where a sequence begins and ends matters to attention and to the adapters alone. Sizes are derived from the
# weights, so nothing here names a model.
#
# The class continues in one of two files, which add the adapters' changes: adapters_batched.py with PyTorch's operators,
# adapters_kernel.py with our own.
#
# weights: embedding, norm, head; then for each layer: norm, query-key-value with bias, norms of queries and keys, output,
#          norm, gate and up, down; an empty tensor stands for one that the family does not have
# cache:   a tensor [blocks, block size, 2 * key-value heads, head width] for each layer, keys before values
# dims:    query heads, key-value heads, head width, sliding window (0: none)
# dtypes:  6 is float32
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---------------------------------------------------------------------------------------------------- one step

  # tokens:  int64 [5, T]: id, position, cache row, which set of rotary factors, position of the first key in its table
  # spans:   5 numbers for each span of tokens that attends together: first token, end, blocks of a sequence, where its
  #          block numbers start in `tables`, kind (DECODE 0, PROMPT 1, CONTINUATION 2)
  # tables:  int64, block numbers of all spans; of a decode span those of its first sequence, then of its second ...
  # wanted:  int64, the tokens whose logits are wanted
  # rotary:  inverse frequencies [sets, head width / 2], attention scale [sets]
  # mixes, members, shares, factors, banks: see `adapt`; mixes is empty for a batch of the base model alone
  # returns logits [wanted, vocabulary] in float32 and the likeliest token of each row
  def step(self: __torch__.Decoder, tokens: Tensor, spans: List[int], tables: Tensor, wanted: Tensor, dims: List[int],
           epsilon: float, rotary: List[Tensor], weights: List[Tensor], cache: List[Tensor], mixes: List[int],
           members: Tensor, shares: Tensor, factors: List[float], banks: List[Tensor]) -> Tuple[Tensor, Tensor]:
    x = torch.embedding(weights[0], tokens[0])
    rotation = (self).rotation(tokens[1], tokens[3], rotary)
    masks = (self).masks(tokens, spans, tables, cache[0], dims[3], x.dtype)
    rows = tokens[2]
    constant = torch.full([1], torch.sqrt(epsilon * x.size(1)), dtype=6, device=x.device)
    head_constant = torch.full([1], torch.sqrt(epsilon * dims[2]), dtype=6, device=x.device)
    none = torch.empty([0], dtype=x.dtype, device=x.device)
    for layer in range(len(cache)):
      first = 3 + layer * 8
      h = (self).norm(x, weights[first], constant)
      qkv = (self).linear(h, weights[first + 1], weights[first + 2])
      if len(mixes) > 0:
        (self).adapt(h, qkv, 0, layer, len(cache), mixes, members, shares, factors, banks)
      qkv = qkv.view([-1, dims[0] + 2 * dims[1], dims[2]])
      qk = torch.narrow(qkv, 1, 0, dims[0] + dims[1])
      if weights[first + 3].numel() > 0:
        qk.copy_((self).norm(qk, weights[first + 3], head_constant))
      (self).rotate(qk, rotation)
      (self).remember(cache[layer], rows, torch.narrow(qkv, 1, dims[0], 2 * dims[1]))
      h = (self).attend(torch.narrow(qkv, 1, 0, dims[0]), cache[layer], spans, tables, masks, dims)
      x = (self).linear_add(h, weights[first + 4], x)
      if len(mixes) > 0:
        (self).adapt(h, x, 1, layer, len(cache), mixes, members, shares, factors, banks)
      h = (self).norm(x, weights[first + 5], constant)
      gate_up = (self).linear(h, weights[first + 6], none)
      if len(mixes) > 0:
        (self).adapt(h, gate_up, 2, layer, len(cache), mixes, members, shares, factors, banks)
      width = gate_up.size(1) // 2
      h = torch.mul(torch.silu(torch.narrow(gate_up, 1, 0, width)), torch.narrow(gate_up, 1, width, width))
      x = (self).linear_add(h, weights[first + 7], x)
      if len(mixes) > 0:
        (self).adapt(h, x, 3, layer, len(cache), mixes, members, shares, factors, banks)
    if wanted.numel() == 0:
      return (torch.empty([0, 0], dtype=6), wanted)
    h = (self).norm(torch.index_select(x, 0, wanted), weights[1], constant)
    logits = (self).linear(h, weights[2], none).to(6)
    return (logits, torch.argmax(logits, 1))

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

  # Turns [T, heads, head width] in place. Pairs are neighbours: `prepare` has reordered the rows of the projections.
  def rotate(self: __torch__.Decoder, x: Tensor, rotation: Tensor) -> None:
    wide = x.to(6)
    pairs = torch.view_as_complex(torch.unflatten(wide, -1, [-1, 2]))
    pairs.mul_(rotation)
    if x.dtype != 6:
      x.copy_(wide)

  # Puts keys and values [T, 2 * key-value heads, head width] in their places.
  def remember(self: __torch__.Decoder, cache: Tensor, rows: Tensor, keys_values: Tensor) -> None:
    torch.flatten(cache, 0, 1).index_copy_(0, rows, keys_values)

  # ---------------------------------------------------------------------------------------------------- attention

  # What is added to the scores of each span; an empty tensor where causal order is all there is to it.
  def masks(self: __torch__.Decoder, tokens: Tensor, spans: List[int], tables: Tensor, cache: Tensor, window: int,
            dtype: int) -> List[Tensor]:
    masks = annotate(List[Tensor], [])
    for s in range(len(spans) // 5):
      begin, end, blocks, kind = spans[5 * s], spans[5 * s + 1], spans[5 * s + 2], spans[5 * s + 4]
      if kind == 1:
        masks.append(torch.empty([0], dtype=dtype, device=cache.device))
      else:
        query = torch.unsqueeze(torch.slice(tokens[1], 0, begin, end), 1)
        base = torch.unsqueeze(torch.slice(tokens[4], 0, begin, end), 1)
        key = torch.add(base, torch.arange(blocks * cache.size(1), device=cache.device))
        hidden = torch.gt(key, query)
        if window > 0:
          hidden = torch.logical_or(hidden, torch.le(key, torch.sub(query, window)))
        mask = torch.masked_fill(torch.zeros(hidden.size(), dtype=dtype, device=cache.device), hidden, -inf)
        if kind == 0:
          mask = torch.unsqueeze(torch.unsqueeze(mask, 1), 1)
        masks.append(mask)
    return masks

  # Attention of all spans: [T, heads, head width] to [T, heads * head width].
  def attend(self: __torch__.Decoder, query: Tensor, cache: Tensor, spans: List[int], tables: Tensor,
             masks: List[Tensor], dims: List[int]) -> Tensor:
    results = annotate(List[Tensor], [])
    for s in range(len(masks)):
      begin, end, blocks, offset = spans[5 * s], spans[5 * s + 1], spans[5 * s + 2], spans[5 * s + 3]
      q = torch.slice(query, 0, begin, end)
      if spans[5 * s + 4] == 0:
        table = torch.narrow(tables, 0, offset, blocks * (end - begin))
        results.append((self).attend_decode(q, cache, table, masks[s], dims[1]))
      else:
        table = torch.narrow(tables, 0, offset, blocks)
        results.append((self).attend_chunk(q, cache, table, masks[s], dims[1]))
    if len(results) == 1:
      return results[0]
    return torch.cat(results)

  # One new token for each of many sequences. The query heads that share a key head are the rows of one small matrix, so
  # keys and values are not expanded.
  def attend_decode(self: __torch__.Decoder, query: Tensor, cache: Tensor, table: Tensor, mask: Tensor,
                    kv_heads: int) -> Tensor:
    sequences = query.size(0)
    kv = torch.index_select(cache, 0, table).view([sequences, -1, 2 * kv_heads, query.size(2)])
    k = torch.transpose(torch.narrow(kv, 2, 0, kv_heads), 1, 2)
    v = torch.transpose(torch.narrow(kv, 2, kv_heads, kv_heads), 1, 2)
    q = query.view([sequences, kv_heads, -1, query.size(2)])
    return torch.reshape(torch.scaled_dot_product_attention(q, k, v, mask), [sequences, -1])

  # Many tokens of one sequence. The key heads are the batch, and one key head serves all its query heads unexpanded.
  def attend_chunk(self: __torch__.Decoder, query: Tensor, cache: Tensor, table: Tensor, mask: Tensor,
                   kv_heads: int) -> Tensor:
    n = query.size(0)
    group = query.size(1) // kv_heads
    q = torch.permute(query.view([n, kv_heads, group, -1]), [1, 2, 0, 3])
    kv = torch.flatten(torch.index_select(cache, 0, table), 0, 1)
    if mask.numel() == 0:
      kv = torch.narrow(kv, 0, 0, n)
    kv = torch.expand(torch.unsqueeze(torch.transpose(kv, 0, 1), 1), [-1, group, -1, -1])
    k, v = torch.narrow(kv, 0, 0, kv_heads), torch.narrow(kv, 0, kv_heads, kv_heads)
    if mask.numel() == 0:
      out = torch.scaled_dot_product_attention(q, k, v, None, 0., True)
    else:
      out = torch.scaled_dot_product_attention(q, k, v, mask)
    return torch.reshape(torch.permute(out, [2, 0, 1, 3]), [n, -1])

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

  def row(self: __torch__.Decoder, logits: Tensor, index: int) -> Tensor:
    return logits[index].clone()
