package tidegate.gate;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Function;

/** Stands in for interfaces of Flink that differ between its versions. */
public final class Proxies {

    private Proxies() {}

    /** An object whose methods answer by name; what is not named fails. */
    public static <T> T of(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer(answers, method, arguments)));
    }

    private static Object answer(
            Map<String, Function<Object[], Object>> answers, Method method, Object[] arguments) {
        Function<Object[], Object> answer = answers.get(method.getName());
        if (answer == null) {
            throw new UnsupportedOperationException(method.toString());
        }
        return answer.apply(arguments);
    }
}
