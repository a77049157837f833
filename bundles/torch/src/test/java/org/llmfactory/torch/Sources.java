package org.llmfactory.torch;

/** A program for tests. */
final class Sources {
    static final String SAMPLE = """
            class Sample(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              def add(self: __torch__.Sample, x: Tensor, y: Tensor) -> Tensor:
                return torch.add(x, y)

              def to_float32(self: __torch__.Sample, x: Tensor) -> Tensor:
                return torch.to(x, 6)

              def to_type(self: __torch__.Sample, x: Tensor, type: int) -> Tensor:
                return torch.to(x, type)

              def transpose(self: __torch__.Sample, x: Tensor) -> Tensor:
                return torch.transpose(x, 0, 1)

              def product(self: __torch__.Sample, x: Tensor, factors: List[Tensor]) -> Tensor:
                for i in range(torch.len(factors)):
                  x = torch.mul(x, factors[i])
                return x

              def scalars(self: __torch__.Sample, a: int, b: float, c: bool, d: List[int], e: List[float]) -> Tensor:
                total = torch.add(torch.mul(a, 1.), b)
                if c:
                  total = torch.add(total, 0.5)
                for i in range(torch.len(d)):
                  total = torch.add(total, torch.mul(d[i], 1.))
                for i in range(torch.len(e)):
                  total = torch.add(total, e[i])
                return torch.tensor(total, dtype=6)

              def pair(self: __torch__.Sample, x: Tensor) -> Tuple[Tensor, Tensor]:
                return (x, torch.neg(x))

              def split(self: __torch__.Sample, x: Tensor) -> List[Tensor]:
                return torch.unbind(x)

              def number(self: __torch__.Sample, x: Tensor) -> int:
                return torch.len(x)

              def nothing(self: __torch__.Sample, x: Tensor) -> NoneType:
                _0 = torch.add_(x, 1)
                return None

              def is_inference(self: __torch__.Sample, x: Tensor) -> Tensor:
                return torch.tensor(torch.is_inference(x))

              def wait(self: __torch__.Sample, started: Tensor, stop: Tensor) -> Tensor:
                _0 = torch.fill_(started, 1)
                rounds = 0
                waiting = True
                while waiting:
                  rounds = torch.add(rounds, 1)
                  waiting = torch.eq(int(torch.item(stop)), 0)
                return torch.tensor(rounds)

              def set(self: __torch__.Sample, flag: Tensor) -> Tensor:
                return torch.fill_(flag, 1)

              def to_complex(self: __torch__.Sample, x: Tensor) -> Tensor:
                return torch.to(x, 9)

              def to_float64(self: __torch__.Sample, x: Tensor) -> Tensor:
                return torch.to(x, 7)

              def copy(self: __torch__.Sample, x: Tensor) -> Tensor:
                return torch.clone(x)
            """;

    private Sources() {}

    /** A loss, and its slopes by each of the weights. */
    static final String SLOPE = """
            class Slope(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool

              def slope(self: __torch__.Slope, x: Tensor, weights: List[Tensor]) -> List[Tensor]:
                leaves = annotate(List[Tensor], [])
                for i in range(torch.len(weights)):
                  leaves.append(torch.requires_grad_(torch.detach(weights[i]), True))
                loss = torch.add(torch.sum(torch.mul(x, leaves[0])), torch.sum(leaves[1]))
                results = [torch.detach(loss)]
                slopes = torch.grad([loss], leaves)
                for i in range(torch.len(slopes)):
                  results.append(unchecked_cast(Tensor, slopes[i]))
                return results
            """;
}
