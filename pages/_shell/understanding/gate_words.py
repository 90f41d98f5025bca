"""What the gates page says about each cell."""

from lstm_core.network.spec import CellKind

DRAWINGS: dict[CellKind, str] = {
    "lstm": "One LSTM cell: forget, input, candidate and output block side by side, all fed by the hidden state "
    "before and the input of the step; only the line on top carries the cell state.",
    "gru": "One GRU cell: update and reset gate, fed by the hidden state before and the input of the step; the "
    "candidate sees the hidden state only through the reset gate; the line on top carries the hidden state.",
    "rnn": "One simple RNN cell: a single block reads the hidden state before and the input of the step, and what it "
    "says is the next hidden state.",
}
"""Alt texts of the drawings."""

_CATS = (
    "Read a text about *cats*: when it turns to *dogs*, the forget gate may drop what was special about cats. At the "
    "word *loyal* the input gate opens, and the candidate carries the loyalty of dogs into the cell state. The output "
    "gate then decides whether that matters for the next word."
)
MEANS: dict[CellKind, str] = {
    "lstm": "A gate is a number between 0 and 1 for every unit and step. A forget gate near 0 forgets, near 1 keeps; "
    "an input gate near 1 lets the candidate in; an output gate near 1 shows the memory to the next layer. All four "
    f"blocks read the same two things: the input of the step and the hidden state before it. {_CATS}",
    "gru": "A GRU has two gates and no cell state: the hidden state is the memory. An update gate near 1 keeps the old "
    "hidden state, near 0 takes the candidate; what is kept and what is taken always add up to 1, so a GRU cannot keep "
    "all and add to it, as an LSTM can. A reset gate near 0 hides the past from the candidate. Keras scales what the "
    "recurrent weights recall, $r \\odot (U h + b_h)$; the paper of 2014 scaled $h$ before the weights. Read a text "
    "about *cats*: when it turns to *dogs*, the reset gate may hide the cats from the candidate. At the word *loyal* "
    "the update gate falls, and the loyalty of dogs takes their place.",
    "rnn": "A simple RNN has no gates: at every step one block mixes the input with all hidden states before it and "
    "squashes the sum. Nothing protects what is remembered, so it is overwritten a little at every step, and on the "
    "way back through many steps the gradient fades or explodes. LSTM and GRU were made against that. Read a text "
    "about *cats* that turns to *dogs*: every word overwrites some of what was said about cats, whether "
    "it matters or not.",
}
MISLEADS = (
    "Units have no fixed meaning: train again with another seed and they stand elsewhere. An open gate moves nothing "
    "when the candidate is near 0, and a long memory matters only if what stands behind the layer reads that unit. "
    "What moves the forecast is measured on the Sensitivity page."
)

SKIPPED = (
    "This step is skipped: all its inputs hold the value that masking looks for. No gate acts, nothing is computed, "
    "and the state stays what it was. Move to another step for the equations."
)
