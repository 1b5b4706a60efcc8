/* On the desktop the network runs already. */
void start_network(void);
void start_network(void) {}
