"""The glass room: plain NumPy and Keras functions, run by the app and exported verbatim."""
