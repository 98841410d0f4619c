package tidegate.gate;

/** The two deployments of a blue/green pair, as the ConfigMap writes them (FLIP-504). */
public enum Colour {
    BLUE,
    GREEN;

    /**
     * Reads a colour as the ConfigMap and the configuration of a job write it.
     *
     * @throws IllegalArgumentException if it is neither BLUE nor GREEN; {@code what} names the setting
     */
    static Colour parse(String what, String text) {
        switch (text.trim()) {
            case "BLUE":
                return BLUE;
            case "GREEN":
                return GREEN;
            default:
                throw new IllegalArgumentException(what + " is '" + text + "', but must be BLUE or GREEN");
        }
    }
}
