/* Stands for the sources that SDKs hang on interface targets: the application compiles them. */
int compiled_once;
