"""The Streamlit side: shell, sidebar, cached queries and the parts that pages are made of."""
