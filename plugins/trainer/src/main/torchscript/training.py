  # Training: the second part of the class in decoder.py. Tokens attend within their own sequence alone, and the adapters
  # of several runs share the batch: each changes its own tokens, and its gradient is that of its own loss.
  #
  # A method that is differentiated takes tensors alone, so numbers travel in them.
  #
  # tokens:    int64 [3, T]: id, position, which set of rotary factors
  # sequences: int64 [S, 2]: first token and end of each sequence
  # runs:      int64 [R, 2]: first token and end of each run's tokens
  # wanted:    int64 [2, W]: a token, and the token that should follow it
  # shares:    float32 [W]: how much this one counts in the loss
  # sizes:     int64 [6]: dims, then layers, then whether activations are computed anew rather than kept
  # numbers:   float32 [1 + 2 R]: epsilon, each run's scale, and the probability that an input of its adapter is dropped
  # seeds:     int64 [R], 32 bits each: what decides over each run's dropped inputs
  # adapters:  for each run and layer A of query, key and value below each other and B of each; A and B of output; A of
  #            gate and up and B of each; A and B of down; of rank 0 for what is left alone

  # Returns for each wanted token its negative log-likelihood and whether it was the likeliest, then the gradient of the
  # sum of share * loss for each tensor of `adapters`.
  def gradients(self: __torch__.Decoder, tokens: Tensor, sequences: Tensor, runs: Tensor, wanted: Tensor,
                shares: Tensor, sizes: Tensor, numbers: Tensor, seeds: Tensor, rotary: List[Tensor],
                weights: List[Tensor], adapters: List[Tensor]) -> List[Tensor]:
    dims = (self).whole(sizes)
    layers, anew = dims[4], dims[5] != 0
    constants = (self).constants(weights[0], dims, float(numbers[0]))
    rotation = (self).rotation(tokens[1], tokens[2], rotary)
    spans = (self).whole(torch.flatten(sequences))
    mixes = (self).mixes(runs, seeds)
    padding, places = (self).padding(runs, mixes)
    factors = (self).fractions(torch.slice(numbers, 0, 1))
    stacks = (self).stacks(adapters, layers, mixes[0], factors, weights[0].dtype)
    inputs = annotate(List[Tensor], [])
    outputs = annotate(List[Tensor], [])
    leaves = annotate(List[Tensor], [])
    for stack in stacks:
      leaves.append(torch.requires_grad_(torch.detach(stack), True))
    x = torch.embedding(weights[0], tokens[0])
    for layer in range(layers):
      x = torch.detach(x)
      inputs.append(x)
      if anew:
        x = (self).block(x, layer, layers, rotation, constants, dims, weights, spans, mixes, padding, places, factors,
                         stacks)
      else:
        x = torch.requires_grad_(x, True)
        x = (self).block(x, layer, layers, rotation, constants, dims, weights, spans, mixes, padding, places, factors,
                         leaves)
        outputs.append(x)
    last = torch.requires_grad_(torch.detach(x), True)
    h = (self).norm(torch.index_select(last, 0, wanted[0]), weights[1], constants[0])
    losses, hits, slope = (self).losses(torch.detach(h), wanted[1], shares, weights[2], True)
    first = torch.grad([h], [last], annotate(List[Optional[Tensor]], [slope]))
    slope = unchecked_cast(Tensor, first[0])
    slopes = annotate(List[Tensor], [])
    for leaf in leaves:
      slopes.append(constants[2])
    for i in range(layers):
      layer = layers - 1 - i
      x = inputs[layer]
      if anew:
        x = torch.requires_grad_(x, True)
        y = (self).block(x, layer, layers, rotation, constants, dims, weights, spans, mixes, padding, places, factors,
                         leaves)
      else:
        y = outputs[layer]
        outputs[layer] = constants[2]
      sources = [x]
      owners = annotate(List[int], [])
      for place in range(11 * layer, 11 * layer + 11):
        if leaves[place].numel() > 0:
          sources.append(leaves[place])
          owners.append(place)
      found = torch.grad([y], sources, annotate(List[Optional[Tensor]], [slope]))
      slope = unchecked_cast(Tensor, found[0])
      for p in range(len(owners)):
        slopes[owners[p]] = unchecked_cast(Tensor, found[p + 1])
    results = [losses, hits]
    for gradient in (self).parted(slopes, adapters, layers, mixes[0], factors):
      results.append(gradient)
    return results

  # The same figures without gradients.
  def evaluate(self: __torch__.Decoder, tokens: Tensor, sequences: Tensor, runs: Tensor, wanted: Tensor,
               shares: Tensor, sizes: Tensor, numbers: Tensor, seeds: Tensor, rotary: List[Tensor],
               weights: List[Tensor], adapters: List[Tensor]) -> List[Tensor]:
    dims = (self).whole(sizes)
    constants = (self).constants(weights[0], dims, float(numbers[0]))
    rotation = (self).rotation(tokens[1], tokens[2], rotary)
    spans = (self).whole(torch.flatten(sequences))
    mixes = (self).mixes(runs, seeds)
    padding, places = (self).padding(runs, mixes)
    factors = (self).fractions(torch.slice(numbers, 0, 1))
    stacks = (self).stacks(adapters, dims[4], mixes[0], factors, weights[0].dtype)
    x = torch.embedding(weights[0], tokens[0])
    for layer in range(dims[4]):
      x = (self).block(x, layer, dims[4], rotation, constants, dims, weights, spans, mixes, padding, places, factors,
                       stacks)
    h = (self).norm(torch.index_select(x, 0, wanted[0]), weights[1], constants[0])
    losses, hits, slope = (self).losses(h, wanted[1], shares, weights[2], False)
    return [losses, hits]

  def block(self: __torch__.Decoder, x: Tensor, layer: int, layers: int, rotation: Tensor, constants: List[Tensor],
            dims: List[int], weights: List[Tensor], spans: List[int], mixes: List[int], padding: Tensor,
            places: Tensor, factors: List[float], stacks: List[Tensor]) -> Tensor:
    none = annotate(List[Tensor], [])
    return (self).layer(x, layer, layers, rotation, constants, dims, weights, spans, none, none, none, mixes,
                        padding, places, factors, stacks)

  # Loss of each row, whether its target is the likeliest, and, if wanted, the gradient of the sum of share * loss by h. In
  # pieces: the logits of all rows together would be the largest tensor of a step.
  def losses(self: __torch__.Decoder, h: Tensor, targets: Tensor, shares: Tensor, head: Tensor,
             wanted: bool) -> Tuple[Tensor, Tensor, Tensor]:
    piece = 256
    losses = torch.zeros_like(shares)
    hits = torch.zeros_like(shares)
    slope = torch.zeros_like(h)
    for i in range((h.size(0) + piece - 1) // piece):
      begin = i * piece
      end = begin + piece
      logits = torch.linear(torch.slice(h, 0, begin, end), head).to(6)
      target = torch.unsqueeze(torch.slice(targets, 0, begin, end), 1)
      share = torch.unsqueeze(torch.slice(shares, 0, begin, end), 1)
      own = torch.gather(logits, 1, target)
      most = torch.amax(logits, [1], True)
      torch.slice(hits, 0, begin, end).copy_(torch.squeeze(torch.ge(own, most), 1))
      logits.sub_(most).exp_()
      all = torch.sum(logits, [1], True)
      torch.slice(losses, 0, begin, end).copy_(torch.squeeze(torch.log(all).add_(most).sub_(own), 1))
      if wanted:
        logits.mul_(torch.div(share, all)).scatter_add_(1, target, torch.neg(share))
        torch.slice(slope, 0, begin, end).copy_(torch.matmul(logits.to(head.dtype), head))
    return (losses, hits, slope)

  # ---------------------------------------------------------------------------------------------------- hooks of a layer

  # Attention of each sequence to itself: [T, heads + 2 * key-value heads, head width] to [T, heads * head width].
  def attention(self: __torch__.Decoder, qkv: Tensor, head_norm: Tensor, layer: int, rotation: Tensor,
                constants: List[Tensor], dims: List[int], spans: List[int], places: List[Tensor], masks: List[Tensor],
                cache: List[Tensor]) -> Tensor:
    qk = torch.narrow(qkv, 1, 0, dims[0] + dims[1])
    if head_norm.numel() > 0:
      qk = (self).norm(qk, head_norm, constants[1])
    pairs = torch.view_as_complex(torch.unflatten(qk.to(6), -1, [-1, 2]))
    qk = torch.flatten(torch.view_as_real(torch.mul(pairs, rotation)), -2).to(qkv.dtype)
    v = torch.narrow(qkv, 1, dims[0] + dims[1], dims[1])
    results = annotate(List[Tensor], [])
    s = 0
    while s < len(spans):
      begin, end = spans[s], spans[s + 1]
      # Neighbours of one length attend together.
      count = 1
      while s + 2 * count < len(spans) and spans[s + 2 * count + 1] - spans[s + 2 * count] == end - begin:
        count = count + 1
      s = s + 2 * count
      results.append((self).attend(torch.narrow(qk, 0, begin, count * (end - begin)),
                                   torch.narrow(v, 0, begin, count * (end - begin)), count, dims))
    if len(results) == 1:
      return results[0]
    return torch.cat(results)

  # Several sequences of one length, one after the other.
  def attend(self: __torch__.Decoder, qk: Tensor, v: Tensor, count: int, dims: List[int]) -> Tensor:
    n = qk.size(0) // count
    group = dims[0] // dims[1]
    qk = torch.transpose(qk.view([count, n, dims[0] + dims[1], dims[2]]), 1, 2)
    q = torch.narrow(qk, 1, 0, dims[0])
    k = torch.narrow(qk, 1, dims[0], dims[1])
    v = torch.transpose(torch.reshape(v, [count, n, dims[1], dims[2]]), 1, 2)
    if group > 1:
      k = torch.flatten(torch.expand(torch.unsqueeze(k, 2), [-1, -1, group, -1, -1]), 1, 2)
      v = torch.flatten(torch.expand(torch.unsqueeze(v, 2), [-1, -1, group, -1, -1]), 1, 2)
    if dims[3] > 0 and n > dims[3]:
      at = torch.arange(n, device=v.device)
      ahead = torch.sub(torch.unsqueeze(at, 1), torch.unsqueeze(at, 0))
      hidden = torch.logical_or(torch.lt(ahead, 0), torch.ge(ahead, dims[3]))
      mask = torch.masked_fill(torch.zeros(hidden.size(), dtype=v.dtype, device=v.device), hidden, -inf)
      out = torch.scaled_dot_product_attention(q, k, v, mask)
    else:
      out = torch.scaled_dot_product_attention(q, k, v, None, 0., True)
    return torch.reshape(torch.transpose(out, 1, 2), [count * n, -1])

  # Each run's change of its own tokens, B(scale * A x), all runs in one product. Projections that share their inputs drop
  # the same ones.
  #
  # mixes:   number of runs, tokens of the longest, each run's seed
  # padding, places: see `padding`
  # factors: each run's scale, then each run's probability of dropping an input
  # stacks:  see `stacks`
  def adapt(self: __torch__.Decoder, x: Tensor, y: Tensor, site: int, layer: int, layers: int, mixes: List[int],
            padding: Tensor, places: Tensor, factors: List[float], stacks: List[Tensor]) -> Tensor:
    first = layer * 11 + [0, 4, 6, 9][site]
    parts = [3, 1, 2, 1][site]
    rank = stacks[first].size(1) // parts
    if rank == 0:
      return y
    runs = mixes[0]
    if padding.numel() > 0:
      x = torch.index_select(x, 0, padding)
    x = x.view([runs, mixes[1], -1])
    if max(torch.slice(factors, runs)) > 0.:
      x = (self).thinned(x, 4 * layer + site, mixes, factors)
    low = torch.bmm(x, torch.transpose(stacks[first], 1, 2))
    changes = annotate(List[Tensor], [])
    for part in range(parts):
      changes.append(torch.bmm(torch.narrow(low, 2, part * rank, rank), torch.transpose(stacks[first + 1 + part], 1, 2)))
    change = changes[0]
    if parts > 1:
      change = torch.cat(changes, 2)
    change = torch.flatten(change, 0, 1)
    if padding.numel() > 0:
      change = torch.index_select(change, 0, places)
    return torch.add(y, change)

  # Number of runs, tokens of the longest, each run's seed.
  def mixes(self: __torch__.Decoder, runs: Tensor, seeds: Tensor) -> List[int]:
    lengths = torch.sub(torch.select(runs, 1, 1), torch.select(runs, 1, 0))
    result = [runs.size(0), int(torch.max(lengths))]
    for seed in (self).whole(seeds):
      result.append(seed)
    return result

  # For runs of different lengths: which token lies at each place of [runs, longest], short ones being filled up with
  # their last, and at which place each token lies. Empty for runs of one length, whose tokens lie there already.
  def padding(self: __torch__.Decoder, runs: Tensor, mixes: List[int]) -> Tuple[Tensor, Tensor]:
    begin = torch.slice(runs, 1, 0, 1)
    end = torch.slice(runs, 1, 1, 2)
    at = torch.unsqueeze(torch.arange(mixes[1], device=runs.device), 0)
    padding = torch.add(begin, at)
    inside = torch.flatten(torch.lt(padding, end))
    padding = torch.flatten(torch.minimum(padding, torch.sub(end, 1)))
    places = torch.flatten(torch.nonzero(inside))
    if places.size(0) == padding.size(0):
      return (torch.slice(padding, 0, 0, 0), torch.slice(places, 0, 0, 0))
    return (padding, places)

  # Each run's inputs with some of them dropped.
  def thinned(self: __torch__.Decoder, x: Tensor, place: int, mixes: List[int], factors: List[float]) -> Tensor:
    runs = annotate(List[Tensor], [])
    for run in range(mixes[0]):
      runs.append((self).drop(torch.select(x, 0, run), factors[mixes[0] + run], mixes[2 + run], place))
    return torch.stack(runs)

  # Sets some values to 0 and scales the others so that the mean stays. Which ones follows from seed and place alone, by
  # the mixing function of MurmurHash3 (Appleby 2011), so that a layer that is computed again drops the same.
  def drop(self: __torch__.Decoder, x: Tensor, probability: float, seed: int, place: int) -> Tensor:
    bits = 4294967295
    h = torch.arange(x.numel(), device=x.device)
    h = torch.bitwise_and(torch.add(torch.mul(h, 2654435761), seed + place * 668265263), bits)
    h = torch.bitwise_xor(h, torch.bitwise_right_shift(h, 16))
    h = torch.bitwise_and(torch.mul(h, 2246822507), bits)
    h = torch.bitwise_xor(h, torch.bitwise_right_shift(h, 13))
    h = torch.bitwise_and(torch.mul(h, 3266489909), bits)
    h = torch.bitwise_xor(h, torch.bitwise_right_shift(h, 16))
    kept = torch.ge(h, int(probability * 4294967296.)).view(x.size())
    return torch.mul(x, torch.div(kept.to(x.dtype), 1. - probability))

  # ---------------------------------------------------------------------------------------------------- parameters

  # The adapters of all runs, for each layer and place, as [runs, rows, columns] in the type of the activations. Where a
  # run's rank is less than the greatest, zeros fill up; rank 0 where no run changes anything. A holds the run's scale.
  def stacks(self: __torch__.Decoder, adapters: List[Tensor], layers: int, runs: int, factors: List[float],
             dtype: int) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    for layer in range(layers):
      for site in range(4):
        first = layer * 11 + [0, 4, 6, 9][site]
        parts = [3, 1, 2, 1][site]
        rank = 0
        for run in range(runs):
          for part in range(parts):
            rank = max(rank, adapters[run * layers * 11 + first + 1 + part].size(1))
        one = adapters[first]
        a = torch.zeros([runs, parts * rank, one.size(1)], dtype=dtype, device=one.device)
        result.append(a)
        for part in range(parts):
          b = adapters[first + 1 + part]
          b = torch.zeros([runs, b.size(0), rank], dtype=dtype, device=one.device)
          result.append(b)
          for run in range(runs):
            own = adapters[run * layers * 11 + first + 1 + part]
            width = own.size(1)
            if width > 0:
              torch.narrow(torch.select(b, 0, run), 1, 0, width).copy_(own)
              row = (self).row(adapters, run * layers * 11 + first, part)
              down = torch.narrow(adapters[run * layers * 11 + first], 0, row, width)
              torch.narrow(torch.select(a, 0, run), 0, part * rank, width).copy_(torch.mul(down, factors[run]))
    return result

  # The gradient of each tensor of `adapters`, from those of the stacks.
  def parted(self: __torch__.Decoder, slopes: List[Tensor], adapters: List[Tensor], layers: int, runs: int,
             factors: List[float]) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    for run in range(runs):
      for layer in range(layers):
        for site in range(4):
          first = layer * 11 + [0, 4, 6, 9][site]
          parts = [3, 1, 2, 1][site]
          down = torch.zeros_like(adapters[run * layers * 11 + first])
          ups = annotate(List[Tensor], [])
          for part in range(parts):
            own = adapters[run * layers * 11 + first + 1 + part]
            width = own.size(1)
            if width > 0:
              rank = slopes[first].size(1) // parts
              row = (self).row(adapters, run * layers * 11 + first, part)
              slope = torch.narrow(torch.select(slopes[first], 0, run), 0, part * rank, width)
              torch.narrow(down, 0, row, width).add_(slope, alpha=factors[run])
              ups.append(torch.narrow(torch.select(slopes[first + 1 + part], 0, run), 1, 0, width))
            else:
              ups.append(own)
          result.append(down)
          for up in ups:
            result.append(up)
    return result

  # Where the rows of a part begin in the A at `place`, which holds those of several.
  def row(self: __torch__.Decoder, adapters: List[Tensor], place: int, part: int) -> int:
    row = 0
    for before in range(part):
      row = row + adapters[place + 1 + before].size(1)
    return row

  # Adds gradients of all tensors to one row.
  def collect(self: __torch__.Decoder, row: Tensor, gradients: List[Tensor]) -> Tensor:
    flat = annotate(List[Tensor], [])
    for gradient in gradients:
      flat.append(torch.reshape(gradient, [-1]).to(6))
    return row.add_(torch.cat(flat))

  def forget(self: __torch__.Decoder, row: Tensor) -> Tensor:
    return row.zero_()

  # One step of AdamW (Loshchilov and Hutter 2019) in place, on all parameters of a run in one row; clears the gradient.
  # Returns its norm before it was limited.
  def adamw(self: __torch__.Decoder, parameters: Tensor, mean: Tensor, square: Tensor, gradient: Tensor, step: int,
            rate: float, decay: float, limit: float) -> Tensor:
    norm = torch.linalg_vector_norm(gradient)
    length = float(norm)
    if length < inf:
      gradient.mul_(min(1., limit / (length + 1.0e-6)))
      mean.mul_(0.9).add_(gradient, alpha=0.1)
      square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
      parameters.mul_(1. - rate * decay)
      root = torch.sqrt(square).div_((1. - 0.999 ** step) ** 0.5).add_(1.0e-8)
      parameters.addcdiv_(mean, root, value=-(rate / (1. - 0.9 ** step)))
    gradient.zero_()
    return norm

  # The row's parts as matrices that share its memory.
  # shapes: rows and columns of each; 0 for one that is left alone
  def views(self: __torch__.Decoder, parameters: Tensor, shapes: Tensor) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    size = (self).whole(torch.flatten(shapes))
    at = 0
    for i in range(len(size) // 2):
      rows, columns = size[2 * i], size[2 * i + 1]
      result.append(torch.narrow(parameters, 0, at, rows * columns).view([rows, columns]))
      at = at + rows * columns
    return result

  def whole(self: __torch__.Decoder, numbers: Tensor) -> List[int]:
    result = annotate(List[int], [])
    for i in range(numbers.size(0)):
      result.append(int(numbers[i]))
    return result

  def fractions(self: __torch__.Decoder, numbers: Tensor) -> List[float]:
    result = annotate(List[float], [])
    for i in range(numbers.size(0)):
      result.append(float(numbers[i]))
    return result
