  # The adapters of the decoder by PyTorch's own operators: the third part of the class in decoder.py.

  # Adds the adapters' changes, in place, to the output y of a layer's site (0 query, key and value, 1 output, 2 gate and up,
  # 3 down) whose input is x: for each token the sum over its adapters of weight * B(A x), exact, ranks as they are.
  #
  # Adapters of one rank share a bank, which holds them side by side in slots. Decoding tokens of all adapters go through
  # one batched product with a row of tokens for each slot; a prompt's chunk goes through its adapters one by one.
  #
  # banks:   for each bank and layer the tensors of `empty_bank`; those of a site start at 0, 4, 6, 9
  # mixes:   for each bank: slots in use, tokens of a slot, where they start in `members`, a bit for each site that any
  #          of its adapters changes, number of chunks; then for each chunk: first token, end, slot
  # members: int64, the token of every place in the rows, padded with any token
  # shares:  its weight, 0 for padding
  # factors: the weight of every chunk
  def adapt(self: __torch__.Decoder, x: Tensor, y: Tensor, site: int, layer: int, layers: int, mixes: List[int],
            members: Tensor, shares: Tensor, factors: List[float], banks: List[Tensor]) -> Tensor:
    first = [0, 4, 6, 9][site]
    parts = [3, 1, 2, 1][site]
    at, bank, chunk = 0, 0, 0
    while at < len(mixes):
      slots, tokens, offset, sites, chunks = mixes[at], mixes[at + 1], mixes[at + 2], mixes[at + 3], mixes[at + 4]
      at = at + 5
      if (sites >> site) % 2 == 1:
        start = (bank * layers + layer) * 11 + first
        a = banks[start]
        b = torch.slice(banks, start + 1, start + 1 + parts)
        if tokens > 0:
          which = torch.narrow(members, 0, offset, slots * tokens)
          share = torch.narrow(shares, 0, offset, slots * tokens).view([slots, tokens, 1])
          (self).adapt_decodes(x, y, a, b, which, share)
        for c in range(chunks):
          begin, end, slot = mixes[at + 3 * c], mixes[at + 3 * c + 1], mixes[at + 3 * c + 2]
          (self).adapt_chunk(torch.slice(x, 0, begin, end), torch.slice(y, 0, begin, end), a, b, slot,
                             factors[chunk + c])
      at = at + 3 * chunks
      chunk = chunk + chunks
      bank = bank + 1
    return y

  def adapt_decodes(self: __torch__.Decoder, x: Tensor, y: Tensor, a: Tensor, b: List[Tensor], which: Tensor,
                    share: Tensor) -> None:
    slots, tokens = share.size(0), share.size(1)
    rows = torch.index_select(x, 0, which).view([slots, tokens, -1])
    low = torch.mul(torch.bmm(rows, torch.transpose(torch.narrow(a, 0, 0, slots), 1, 2)), share)
    change = torch.empty([slots, tokens, y.size(1)], dtype=y.dtype, device=y.device)
    column = 0
    for part in range(len(b)):
      rank, width = b[part].size(1), b[part].size(2)
      torch.bmm(torch.narrow(low, 2, part * rank, rank), torch.narrow(b[part], 0, 0, slots),
                out=torch.narrow(change, 2, column, width))
      column = column + width
    y.index_add_(0, which, torch.flatten(change, 0, 1))

  def adapt_chunk(self: __torch__.Decoder, x: Tensor, y: Tensor, a: Tensor, b: List[Tensor], slot: int,
                  factor: float) -> None:
    low = torch.mul(torch.linear(x, a[slot]), factor)
    column = 0
    for part in range(len(b)):
      rank, width = b[part].size(1), b[part].size(2)
      torch.narrow(y, 1, column, width).addmm_(torch.narrow(low, 1, part * rank, rank), b[part][slot])
      column = column + width

  # An adapter's layer as a slot holds it. a: A of query, key, value, output, gate, up, down; b: their B; an empty tensor
  # for a projection that is left alone, and an empty result for a site without any.
  def prepare_adapter(self: __torch__.Decoder, a: List[Tensor], b: List[Tensor], scales: List[float], dims: List[int],
                      dtype: int, rank: int) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    first = [0, 3, 4, 6]
    parts = [3, 1, 2, 1]
    for site in range(4):
      begin, end = first[site], first[site] + parts[site]
      width = 0
      for p in range(begin, end):
        if a[p].numel() > 0:
          width = a[p].size(1)
      if width == 0:
        for p in range(begin, end + 1):
          result.append(torch.empty([0], dtype=dtype, device=a[0].device))
      else:
        rows = annotate(List[Tensor], [])
        for p in range(begin, end):
          rows.append((self).pad(a[p].to(dtype), rank, width))
        result.append(torch.cat(rows))
        for p in range(begin, end):
          if a[p].numel() == 0:
            result.append(torch.empty([0], dtype=dtype, device=a[0].device))
          else:
            heads = 0
            if p < 2:
              heads = dims[p]
            wide = torch.mul((self).pair(b[p].to(6), heads), scales[p]).to(dtype)
            result.append((self).pad(torch.t(wide), rank, wide.size(0)).contiguous())
    return result

  # Rows of zeros below, up to the rank of the bank.
  def pad(self: __torch__.Decoder, x: Tensor, rank: int, width: int) -> Tensor:
    padded = torch.zeros([rank, width], dtype=x.dtype, device=x.device)
    if x.numel() > 0:
      torch.narrow(padded, 0, 0, x.size(0)).copy_(x)
    return padded

  # One layer of a bank: A and B of query, key and value; of output; of gate and up; of down.
  # widths: hidden, queries, keys, feed-forward
  def empty_bank(self: __torch__.Decoder, like: Tensor, slots: int, rank: int, widths: List[int],
                 dtype: int) -> List[Tensor]:
    hidden, queries, keys, inner = widths[0], widths[1], widths[2], widths[3]
    shapes = [[3 * rank, hidden], [rank, queries], [rank, keys], [rank, keys], [rank, queries], [rank, hidden],
              [2 * rank, hidden], [rank, inner], [rank, inner], [rank, inner], [rank, hidden]]
    bank = annotate(List[Tensor], [])
    for shape in shapes:
      bank.append(torch.zeros([slots, shape[0], shape[1]], dtype=dtype, device=like.device))
    return bank

  # Copies an adapter, all layers, into a slot.
  def place(self: __torch__.Decoder, bank: List[Tensor], adapter: List[Tensor], slot: int) -> Tensor:
    for i in range(len(bank)):
      if adapter[i].numel() == 0:
        bank[i][slot].zero_()
      else:
        bank[i][slot].copy_(adapter[i])
    return bank[0]
