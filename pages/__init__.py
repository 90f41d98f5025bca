"""The stations a person walks; `app.py` is the frame around them.

Until `st.navigation` has run once in a process, Streamlit takes a folder called `pages` beside the app for the pages
of its first multipage design. The first visit to a fresh server by the address of a page (a reload after a restart)
would then show that page without its frame, so that design is switched off here, and the run starts again.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()
