"""Customer: one customer's whole history, rhythm, scores, value and lines."""

import streamlit as st

from ui import customer_page, customer_parts, queries, shell

view = shell.view()
source = customer_page.everybody(view.source)
data = queries.dataset(source)
customer_parts.needs_customers(data)
customer_page.search(source)
customer = customer_page.chosen(data)
if customer is None:
    st.stop()

customer_page.heading(data, customer)
known = customer_page.facts(source, data, customer)
if known is None:
    st.stop()
customer_page.figures(data, known)
customer_page.worth(source, data, customer)

left, right = st.columns([7, 5])
with left:
    customer_page.over_time(source, data, customer)
with right:
    customer_page.spent_on(source, data, customer)

left, right = st.columns(2)
with left:
    customer_page.rhythm(source, data, customer, known)
with right:
    customer_page.scores(source, data, customer)

customer_page.lines(source, data, customer)
