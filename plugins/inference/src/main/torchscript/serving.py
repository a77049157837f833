  # Serving: the second part of the class in decoder.py. The third, adapters_batched.py or adapters_kernel.py, adds the
  # adapters' changes.
  #
  # cache: a tensor [blocks, block size, 2 * key-value heads, head width] for each layer, keys before values

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
    constants = (self).constants(x, dims, epsilon)
    for layer in range(len(cache)):
      x = (self).layer(x, layer, len(cache), rotation, constants, dims, weights, spans, [tokens[2], tables], masks,
                       cache, mixes, members, shares, factors, banks)
    if wanted.numel() == 0:
      return (torch.empty([0, 0], dtype=6), wanted)
    h = (self).norm(torch.index_select(x, 0, wanted), weights[1], constants[0])
    logits = (self).linear(h, weights[2], constants[2]).to(6)
    return (logits, torch.argmax(logits, 1))

  # ---------------------------------------------------------------------------------------------------- attention

  # Attention of queries, keys and values [T, heads + 2 * key-value heads, head width], with those of earlier steps.
  # places: the cache row of each token, the block tables
  def attention(self: __torch__.Decoder, qkv: Tensor, head_norm: Tensor, layer: int, rotation: Tensor,
                constants: List[Tensor], dims: List[int], spans: List[int], places: List[Tensor], masks: List[Tensor],
                cache: List[Tensor]) -> Tensor:
    qk = torch.narrow(qkv, 1, 0, dims[0] + dims[1])
    if head_norm.numel() > 0:
      qk.copy_((self).norm(qk, head_norm, constants[1]))
    (self).rotate(qk, rotation)
    (self).remember(cache[layer], places[0], torch.narrow(qkv, 1, dims[0], 2 * dims[1]))
    return (self).attend(torch.narrow(qkv, 1, 0, dims[0]), cache[layer], spans, places[1], masks, dims)

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

  def row(self: __torch__.Decoder, logits: Tensor, index: int) -> Tensor:
    return logits[index].clone()
