  # The adapters of the decoder by the operator llmfactory::lora_, which reads each adapter where it lies and at its true
  # rank: the third part of the class in decoder.py.

  # Adds the adapters' changes, in place, to the output y of a layer's site (0 query, key and value, 1 output, 2 gate and up,
  # 3 down) whose input is x: for each token the sum over its adapters of weight * B(A x).
  #
  # mixes:   the type of the adapters' weights
  # members: int64, the operator's plan: number of groups and of entries; for each group its adapter's row in the table
  #          and its entries' begin and end; for each entry its token
  # shares:  the weight of every entry
  # banks:   the operator's table [adapters, 7 * layers, 5]: address of A, address of B, rank, first column, columns
  def adapt(self: __torch__.Decoder, x: Tensor, y: Tensor, site: int, layer: int, layers: int, mixes: List[int],
            members: Tensor, shares: Tensor, factors: List[float], banks: List[Tensor]) -> Tensor:
    first = [0, 3, 4, 6][site]
    parts = [3, 1, 2, 1][site]
    changed = ops.llmfactory.lora_(y, x, members, shares, banks[0], 7 * layer + first, parts, mixes[0])
    return y

  # An adapter's layer as the operator reads it: A of query, key, value, output, gate, up, down, then their B with the
  # scale, turned and in blocks of 64 columns; an empty tensor for a projection that is left alone.
  def prepare_adapter(self: __torch__.Decoder, a: List[Tensor], b: List[Tensor], scales: List[float], dims: List[int],
                      dtype: int, rank: int) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    for p in range(len(a)):
      result.append(a[p].to(dtype, False, True).contiguous())
    for p in range(len(b)):
      if b[p].numel() == 0:
        result.append(b[p].to(dtype, False, True))
      else:
        heads = 0
        if p < 2:
          heads = dims[p]
        turned = torch.t(torch.mul((self).pair(b[p].to(6), heads), scales[p]).to(dtype))
        whole = turned.size(1) // 64 * 64
        blocks = torch.transpose(torch.unflatten(torch.slice(turned, 1, 0, whole), 1, [-1, 64]), 0, 1)
        rest = torch.slice(turned, 1, whole)
        result.append(torch.cat([torch.reshape(blocks, [-1]), torch.reshape(rest, [-1])]))
    return result

  # Where tensors lie in memory.
  def addresses(self: __torch__.Decoder, tensors: List[Tensor]) -> Tensor:
    result = annotate(List[int], [])
    for tensor in tensors:
      result.append(ops.llmfactory.addr(tensor))
    return torch.tensor(result, dtype=4)
