package org.llmfactory.auth.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BooleanSupplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Ledger;

/** A ledger that can take nothing at times. */
public final class StubbornLedger {
    private StubbornLedger() {}

    /** Enters everything into another ledger, but for while it is full. */
    public static Ledger of(Ledger entries, BooleanSupplier full) {
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("record") && full.getAsBoolean()) {
                        throw new FactoryException(ErrorCode.OVERLOADED, "The audit log cannot be written.");
                    }
                    try {
                        return method.invoke(entries, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
