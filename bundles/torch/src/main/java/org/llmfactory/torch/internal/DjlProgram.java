package org.llmfactory.torch.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Program;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.TorchException;

/** A program in DJL's hands. */
public final class DjlProgram implements Program {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String name;
    private final PtSymbolBlock module;
    private final Consumer<DjlProgram> onClose;
    private final Set<DjlTensorList> lists = ConcurrentHashMap.newKeySet();
    /** Calls hold it for reading, closing for writing. */
    private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();

    private boolean closed;

    private DjlProgram(String name, PtSymbolBlock module, Consumer<DjlProgram> onClose) {
        this.name = name;
        this.module = module;
        this.onClose = onClose;
    }

    /** Compiles; {@code onClose} learns when the program is closed. */
    public static DjlProgram load(String name, String source, PtNDManager memory, Consumer<DjlProgram> onClose) {
        return new DjlProgram(name, compile(name, source, memory), onClose);
    }

    static PtSymbolBlock compile(String name, String source, PtNDManager memory) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a program's name is an identifier, not \"" + name + "\"");
        }
        try {
            PtSymbolBlock module = JniUtils.loadModule(
                    memory, new ByteArrayInputStream(ModuleArchive.pack(name, source)), false, false);
            JniUtils.enableInferenceMode(module);
            return module;
        } catch (EngineException e) {
            throw new TorchException("the program " + name + " does not compile: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    @Override
    public TensorList listOf(List<Tensor> tensors) {
        PtNDArray[] arrays = tensors.stream().map(tensor -> djl(tensor).array()).toArray(PtNDArray[]::new);
        DjlTensorList list = new DjlTensorList(IValue.listFrom(arrays), List.of(arrays));
        lists.add(list);
        return list;
    }

    @Override
    public List<Tensor> call(String method, Arena results, Object... arguments) {
        DjlArena arena = (DjlArena) results;
        return guarded(method, arena, () -> run(method, arena, arguments));
    }

    @Override
    public List<Tensor> train(String method, Arena results, Object... arguments) {
        DjlArena arena = (DjlArena) results;
        return guarded(method, arena, () -> runInTraining(method, arena, arguments));
    }

    private List<Tensor> guarded(String method, DjlArena arena, Supplier<List<Tensor>> work) {
        if (!arena.memory().isOpen()) {
            throw new IllegalStateException("the arena for the results is closed");
        }
        calls.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the program " + name + " is closed");
            }
            return work.get();
        } catch (EngineException e) {
            throw new TorchException(name + "." + method + ": " + e.getMessage(), e);
        } finally {
            calls.readLock().unlock();
        }
    }

    private List<Tensor> run(String method, DjlArena arena, Object[] arguments) {
        List<IValue> temporary = new ArrayList<>(arguments.length);
        try {
            IValue[] values = new IValue[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof DjlTensorList list) {
                    values[i] = list.value();
                } else {
                    values[i] = toValue(arguments[i], i);
                    temporary.add(values[i]);
                }
            }
            // A setting of the thread. The optimizer stops the first calls, and each new shape, for up to a third of a
            // second, and makes the later ones no faster.
            JniUtils.setGraphExecutorOptimize(false);
            try (IValue result = IValueUtils.runMethod(module, method, values)) {
                List<Tensor> tensors = new ArrayList<>();
                collect(result, arena, tensors);
                return List.copyOf(tensors);
            }
        } finally {
            temporary.forEach(IValue::close);
        }
    }

    /** DJL leaves inference mode for one kind of call alone, which takes tensors and finds lists and method by names. */
    private List<Tensor> runInTraining(String method, DjlArena arena, Object[] arguments) {
        NDList inputs = new NDList();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof DjlTensorList list && list.size() > 0) {
                for (PtNDArray array : list.arrays()) {
                    array.setName("list" + i + "[]");
                    inputs.add(array);
                }
            } else if (arguments[i] instanceof DjlTensor tensor) {
                tensor.array().setName("");
                inputs.add(tensor.array());
            } else {
                throw new IllegalArgumentException(
                        "argument " + i + " is neither a Tensor nor a TensorList that holds some");
            }
        }
        try (PtNDArray selector = (PtNDArray) arena.memory().zeros(new Shape())) {
            selector.setName("module_method:" + method);
            inputs.add(selector);
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setGradMode(true); // of the thread; in inference mode it does not matter
            List<Tensor> tensors = new ArrayList<>();
            for (NDArray array : IValueUtils.forward(module, inputs, true)) {
                array.attach(arena.memory());
                tensors.add(arena.tensor((PtNDArray) array));
            }
            return List.copyOf(tensors);
        }
    }

    private static IValue toValue(Object argument, int index) {
        if (argument instanceof DjlTensor tensor) {
            return IValue.from(tensor.array());
        } else if (argument instanceof Long value) {
            return IValue.from(value);
        } else if (argument instanceof Integer value) {
            return IValue.from(value.longValue());
        } else if (argument instanceof Double value) {
            return IValue.from(value);
        } else if (argument instanceof Boolean value) {
            return IValue.from(value);
        } else if (argument instanceof long[] values) {
            return IValue.listFrom(values);
        } else if (argument instanceof double[] values) {
            return IValue.listFrom(values);
        }
        throw new IllegalArgumentException("argument " + index + " is a "
                + argument.getClass().getName()
                + "; a program takes Tensor, TensorList, Long, Integer, Double, Boolean, long[] and double[]");
    }

    private static void collect(IValue value, DjlArena arena, List<Tensor> tensors) {
        if (value.isTensor()) {
            tensors.add(arena.tensor(value.toTensor(arena.memory())));
        } else if (value.isTensorList()) {
            for (PtNDArray array : value.toTensorArray(arena.memory())) {
                tensors.add(arena.tensor(array));
            }
        } else if (value.isTuple()) {
            for (IValue member : value.toIValueTuple()) {
                try (member) {
                    collect(member, arena, tensors);
                }
            }
        } else if (!value.getType().equals("NoneType")) {
            throw new TorchException("a method must return tensors or None, not " + value.getType());
        }
    }

    private static DjlTensor djl(Tensor tensor) {
        if (tensor instanceof DjlTensor own) {
            return own;
        }
        throw new IllegalArgumentException(
                "a tensor of another engine: " + tensor.getClass().getName());
    }

    @Override
    public void close() {
        close(PATIENCE);
    }

    /**
     * Waits for calls in flight, then frees the program and its lists.
     *
     * @throws TorchException when a call still runs after {@code patience}; the program stays open
     */
    public void close(Duration patience) {
        lockAll(patience);
        try {
            if (closed) {
                return;
            }
            closed = true;
            lists.forEach(DjlTensorList::close);
            module.close();
        } finally {
            calls.writeLock().unlock();
        }
        onClose.accept(this);
    }

    private void lockAll(Duration patience) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                try {
                    if (calls.writeLock().tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    throw new TorchException("a call of " + name + " still runs after " + patience);
                } catch (InterruptedException e) {
                    interrupted = true; // freeing memory under a running call would end the process
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
