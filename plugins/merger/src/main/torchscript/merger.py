class Merger(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Arithmetic of adapters, as PEFT's add_weighted_adapter has it. A is [rank, in], B is [out, rank], a change is B A.

  # The change of one layer.
  def change(self: __torch__.Merger, a: Tensor, b: Tensor, scale: float) -> Tensor:
    return torch.mul(torch.matmul(b, a), scale)

  # What is left of one layer by fine-tuning.
  def difference(self: __torch__.Merger, tuned: Tensor, base: Tensor) -> Tensor:
    return torch.sub(tuned, base)

  # The weighted sum of tasks of one shape, each pruned first.
  #
  # weights:  float32 [tasks]
  # masks:    what is kept of each task, 1 or 0, the rest being scaled by 1 / density; empty for all
  # kept:     how many of the largest magnitudes are kept of each task; -1 for all
  # election: 0 for none; 1, 2: only values of the sign that prevails by sum (1) or by number (2) count, and their mean
  #           is taken
  def combine(self: __torch__.Merger, tasks: List[Tensor], weights: Tensor, masks: List[Tensor], density: float,
              kept: int, election: int) -> Tensor:
    pruned = annotate(List[Tensor], [])
    for i in range(len(tasks)):
      task = tasks[i]
      if kept >= 0:
        task = (self).largest(task, kept)
      if len(masks) > 0:
        task = torch.div(torch.mul(task, masks[i]), density)
      pruned.append(task)
    stack = torch.stack(pruned)
    weighted = torch.mul(stack, torch.reshape(weights, [len(tasks), 1, 1]))
    if election > 0:
      signs = torch.sign(stack)
      if election == 1:
        balance = torch.sum(stack, [0])
      else:
        balance = torch.sum(signs, [0])
      majority = torch.sub(torch.mul(torch.to(torch.ge(balance, 0), 6), 2.), 1.)
      agreed = torch.to(torch.eq(signs, majority), 6)
      result = torch.div(torch.sum(torch.mul(weighted, agreed), [0]), torch.clamp(torch.sum(agreed, [0]), 1.))
    else:
      result = torch.sum(weighted, [0])
    return result

  def largest(self: __torch__.Merger, task: Tensor, kept: int) -> Tensor:
    flat = torch.reshape(task, [-1])
    values, places = torch.topk(torch.abs(flat), kept)
    mask = torch.index_fill(torch.zeros_like(flat), 0, places, 1.)
    return torch.reshape(torch.mul(flat, mask), torch.size(task))

  # A and B of the concatenation: the exact sum of changes, of the sum of their ranks.
  def concatenate(self: __torch__.Merger, a: List[Tensor], b: List[Tensor], weights: Tensor) -> Tuple[Tensor, Tensor]:
    weighted = annotate(List[Tensor], [])
    for i in range(len(a)):
      weighted.append(torch.mul(a[i], torch.select(weights, 0, i)))
    return (torch.cat(weighted, 0), torch.cat(b, 1))

  # The best A and B of a lower rank for the change of an A and a B, without making the change.
  def compress(self: __torch__.Merger, a: Tensor, b: Tensor, rank: int) -> Tuple[Tensor, Tensor]:
    left, r = torch.linalg_qr(torch.to(b, 7))
    right, s = torch.linalg_qr(torch.t(torch.to(a, 7)))
    core = torch.matmul(r, torch.t(s))
    shares, vectors = (self).spectrum(core)
    down, up = (self).factors(core, vectors, rank)
    return (torch.to(torch.matmul(down, torch.t(right)), 6), torch.to(torch.matmul(left, up), 6))

  # Of a change: which share of its energy (squared Frobenius norm) its first 1, 2, ... singular directions hold, and these
  # directions on its shorter side. By eigenvectors of the Gram matrix in float64, faster than an SVD of the whole.
  def spectrum(self: __torch__.Merger, change: Tensor) -> Tuple[Tensor, Tensor]:
    wide = torch.to(change, 7)
    if torch.size(change, 0) <= torch.size(change, 1):
      gram = torch.matmul(wide, torch.t(wide))
    else:
      gram = torch.matmul(torch.t(wide), wide)
    values, vectors = torch.linalg_eigh(gram)
    energies = torch.cumsum(torch.clamp(torch.flip(values, [0]), 0.), 0)
    shares = torch.div(energies, torch.clamp(torch.select(energies, 0, -1), 1e-300))
    return (torch.to(shares, 6), torch.flip(vectors, [1]))

  # A and B from the first directions, in float64.
  def factors(self: __torch__.Merger, change: Tensor, vectors: Tensor, rank: int) -> Tuple[Tensor, Tensor]:
    wide = torch.to(change, 7)
    first = torch.slice(vectors, 1, 0, rank)
    if torch.size(change, 0) <= torch.size(change, 1):
      a = torch.matmul(torch.t(first), wide)
      b = first
    else:
      a = torch.t(first)
      b = torch.matmul(wide, first)
    return (a, b)

  # A and B of a rank for a change, and the Frobenius norm of what they leave out relative to that of the change.
  def truncate(self: __torch__.Merger, change: Tensor, vectors: Tensor, rank: int) -> Tuple[Tensor, Tensor, Tensor]:
    a, b = (self).factors(change, vectors, rank)
    rest = torch.norm(torch.sub(torch.to(change, 7), torch.matmul(b, a)))
    whole = torch.clamp(torch.norm(torch.to(change, 7)), 1e-300)
    return (torch.to(a, 6), torch.to(b, 6), torch.to(torch.div(rest, whole), 6))
