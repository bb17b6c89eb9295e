"""Workbooks of Office Open XML: Excel's xlsx and xlsm."""
