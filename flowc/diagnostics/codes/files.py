"""Codes of the graph stage, of files of nodes and edges."""

from __future__ import annotations

from flowc.diagnostics.codes.code import Code

_NODES = 'nodes "nodes.csv"\nx -> f : 1\n'
_EDGES = 'input x\noutput f\nedges "edges.csv"\n'
_LISTED = (("nodes.csv", "name,role\nx,input\nf,output\n"),)

CODES: tuple[Code, ...] = (
    Code(
        "unreadable-file",
        "A file of nodes or edges that is not there, or lies outside the diagram's folder.",
        'nodes "../nodes.csv"\nx -> f : 1\n',
        _NODES,
        right_files=_LISTED,
    ),
    Code(
        "bad-csv",
        "A file of nodes or edges that is no CSV in UTF-8 with a header and rows.",
        _NODES,
        _NODES,
        (("nodes.csv", 'name,role\nx,"input\nf,output\n'),),
        _LISTED,
    ),
    Code(
        "bad-cell",
        "A cell of a file that is none of the words of its column: a role, or yes and no.",
        _NODES,
        _NODES,
        (("nodes.csv", "name,role\nx,inptu\nf,output\n"),),
        _LISTED,
    ),
    Code(
        "vector-in-file",
        "A row of a file of edges from or to a vector; files draw scalar lines.",
        _EDGES.replace("input x", "input x[3]"),
        _EDGES.replace("input x", "input x[3], z") + "x -> f : ~\n",
        (("edges.csv", "source,target,weight\nx,f,1\n"),),
        (("edges.csv", "source,target,weight\nz,f,1\n"),),
    ),
)
