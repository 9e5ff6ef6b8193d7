namespace Tsds.Evaluation.Metrics;

/// <summary>
/// The primal network simplex method for the transportation problem, in integers: exact and certain to terminate.
/// </summary>
/// <remarks>
/// <para>
/// A basis is a spanning tree of the complete bipartite graph; arcs outside of it carry nothing, so flows live on the
/// tree alone. The tree is kept strongly feasible (an arc without flow points to the root), which with the leaving arc
/// of Cunningham's rule rules out cycling; whole numbers rule out drift.
/// </para>
/// <para>Entering arcs are the most negative of a block of about √(nm), the blocks taken in turn. Rows are nodes 0 to n
/// − 1, columns n to n + m − 1.</para>
/// </remarks>
/// <seealso href="https://doi.org/10.1007/BF01580379">Cunningham 1976, A network simplex method</seealso>
/// <seealso href="https://mitpressjournals.org/doi/abs/10.5555/137406">Ahuja, Magnanti, Orlin 1993, Network Flows,
/// chapter 11</seealso>
internal sealed class TransportationSimplex
{
    private const int None = -1;
    private const int SmallestBlock = 64;

    private readonly long[] _costs;
    private readonly int _rowCount;
    private readonly int _columnCount;

    // The tree. The arc of a node is the one to its parent; it points up when the node is a row, for arcs run from rows
    // to columns.
    private readonly int[] _parent;
    private readonly long[] _flow;
    private readonly int[] _depth;
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;
    private readonly int[] _previousSibling;
    private readonly long[] _potential;

    private int _nextArc;

    /// <summary>Initializes a problem.</summary>
    /// <param name="costs">Shape [rows, columns]; the sum of rows + columns of them fits a long.</param>
    /// <param name="supplies">Positive.</param>
    /// <param name="demands">Positive, with the sum of the supplies.</param>
    public TransportationSimplex(long[] costs, long[] supplies, long[] demands)
    {
        _costs = costs;
        _rowCount = supplies.Length;
        _columnCount = demands.Length;
        int nodeCount = _rowCount + _columnCount;
        _parent = new int[nodeCount];
        _flow = new long[nodeCount];
        _depth = new int[nodeCount];
        _firstChild = new int[nodeCount];
        _nextSibling = new int[nodeCount];
        _previousSibling = new int[nodeCount];
        _potential = new long[nodeCount];
        Array.Fill(_parent, None);
        Array.Fill(_firstChild, None);
        Start(supplies, demands);
    }

    /// <summary>Gets the pivots made.</summary>
    public long PivotCount { get; private set; }

    /// <summary>
    /// Returns the potential π of a row: arcs of the optimum satisfy c + π_row − π_column = 0, all others c + π_row −
    /// π_column ≥ 0.
    /// </summary>
    public long RowPotential(int row) => _potential[row];

    public void Solve()
    {
        while (FindEntering() is var (row, column) && row != None)
        {
            Pivot(row, _rowCount + column);
            PivotCount++;
        }
    }

    /// <summary>Returns the arcs with positive flow.</summary>
    public IEnumerable<(int Row, int Column, long Flow)> Flows()
    {
        for (int node = 0; node < _parent.Length; node++)
        {
            if (_parent[node] != None && _flow[node] > 0)
            {
                yield return IsRow(node)
                    ? (node, _parent[node] - _rowCount, _flow[node])
                    : (_parent[node], node - _rowCount, _flow[node]);
            }
        }
    }

    private bool IsRow(int node) => node < _rowCount;

    /// <summary>
    /// Builds the initial tree by the north-west corner rule: a path through the table. A tie steps to the next row by
    /// an arc without flow, which points up.
    /// </summary>
    private void Start(long[] supplies, long[] demands)
    {
        long supply = supplies[0];
        long demand = demands[0];
        int row = 0;
        int column = 0;
        AttachFirst(_rowCount, 0, Math.Min(supply, demand));
        while (row < _rowCount - 1 || column < _columnCount - 1)
        {
            long moved = Math.Min(supply, demand);
            supply -= moved;
            demand -= moved;
            if (supply == 0 && row < _rowCount - 1)
            {
                supply = supplies[++row];
                AttachFirst(row, _rowCount + column, Math.Min(supply, demand));
            }
            else
            {
                demand = demands[++column];
                AttachFirst(_rowCount + column, row, Math.Min(supply, demand));
            }
        }
    }

    private void AttachFirst(int node, int parent, long flow)
    {
        Attach(node, parent, flow);
        _depth[node] = _depth[parent] + 1;
        _potential[node] = IsRow(node)
            ? _potential[parent] - CostOf(node, parent)
            : _potential[parent] + CostOf(parent, node);
    }

    private long CostOf(int row, int columnNode) => _costs[(row * _columnCount) + columnNode - _rowCount];

    /// <summary>
    /// Finds an arc that lowers the cost, continuing where the last search ended; a whole round without one means that
    /// the flow is optimal.
    /// </summary>
    private (int Row, int Column) FindEntering()
    {
        int arcCount = _costs.Length;
        int blockSize = Math.Max(SmallestBlock, (int)Math.Sqrt(arcCount));
        ReadOnlySpan<long> columnPotentials = _potential.AsSpan(_rowCount);
        long best = 0;
        int bestArc = None;
        int inBlock = 0;
        for (int seen = 0; seen < arcCount; )
        {
            int row = _nextArc / _columnCount;
            int column = _nextArc % _columnCount;
            int length = Math.Min(Math.Min(_columnCount - column, blockSize - inBlock), arcCount - seen);
            ReadOnlySpan<long> costs = _costs.AsSpan(_nextArc, length);
            ReadOnlySpan<long> potentials = columnPotentials.Slice(column, length);
            long threshold = best - _potential[row];
            for (int i = 0; i < costs.Length; i++)
            {
                long reduced = costs[i] - potentials[i];
                if (reduced < threshold)
                {
                    threshold = reduced;
                    bestArc = _nextArc + i;
                }
            }

            best = threshold + _potential[row];
            seen += length;
            inBlock += length;
            _nextArc = _nextArc + length == arcCount ? 0 : _nextArc + length;
            if (inBlock == blockSize)
            {
                if (bestArc != None)
                {
                    break;
                }

                inBlock = 0;
            }
        }

        return bestArc == None ? (None, None) : (bestArc / _columnCount, bestArc % _columnCount);
    }

    /// <summary>
    /// Sends flow around the cycle that the entering arc closes until an arc is empty, and removes that arc.
    /// </summary>
    private void Pivot(int row, int column)
    {
        (int join, int leaving, bool isOnRowSide, long moved) = FindLeaving(row, column);

        // The cycle runs from the join down to the row, along the arc, and from the column up to the join.
        for (int node = row; node != join; node = _parent[node])
        {
            _flow[node] += IsRow(node) ? -moved : moved;
        }

        for (int node = column; node != join; node = _parent[node])
        {
            _flow[node] += IsRow(node) ? moved : -moved;
        }

        long reduced = CostOf(row, column) + _potential[row] - _potential[column];
        int moving = isOnRowSide ? row : column;
        Reattach(moving, isOnRowSide ? column : row, leaving, moved);
        Shift(moving, isOnRowSide ? -reduced : reduced);
    }

    /// <summary>
    /// Finds the last blocking arc, going around the cycle from the join, which keeps the tree strongly feasible.
    /// </summary>
    private (int Join, int Leaving, bool IsOnRowSide, long Moved) FindLeaving(int row, int column)
    {
        long moved = long.MaxValue;
        int leaving = None;
        bool isOnRowSide = true;
        int up = row;
        int other = column;
        while (up != other)
        {
            if (_depth[up] >= _depth[other])
            {
                // Nearest to the row, so a strict comparison; arcs that point up lose flow on this side.
                if (IsRow(up) && (_flow[up] < moved))
                {
                    (moved, leaving, isOnRowSide) = (_flow[up], up, true);
                }

                up = _parent[up];
            }
            else
            {
                other = _parent[other];
            }
        }

        for (int node = column; node != up; node = _parent[node])
        {
            if (!IsRow(node) && _flow[node] <= moved)
            {
                (moved, leaving, isOnRowSide) = (_flow[node], node, false);
            }
        }

        return (up, leaving, isOnRowSide, moved);
    }

    /// <summary>Reverses the path from a node up to the leaving arc and attaches it to a new parent.</summary>
    private void Reattach(int node, int parent, int leaving, long flow)
    {
        while (true)
        {
            int oldParent = _parent[node];
            long oldFlow = _flow[node];
            Detach(node);
            Attach(node, parent, flow);
            if (node == leaving)
            {
                return;
            }

            (parent, node, flow) = (node, oldParent, oldFlow);
        }
    }

    /// <summary>
    /// Updates the subtree below a node that was moved: potentials change by a constant, depths follow the parents.
    /// </summary>
    private void Shift(int top, long change)
    {
        int node = top;
        while (true)
        {
            _depth[node] = _depth[_parent[node]] + 1;
            _potential[node] += change;
            if (_firstChild[node] != None)
            {
                node = _firstChild[node];
                continue;
            }

            while (node != top && _nextSibling[node] == None)
            {
                node = _parent[node];
            }

            if (node == top)
            {
                return;
            }

            node = _nextSibling[node];
        }
    }

    private void Attach(int node, int parent, long flow)
    {
        int sibling = _firstChild[parent];
        _parent[node] = parent;
        _flow[node] = flow;
        _previousSibling[node] = None;
        _nextSibling[node] = sibling;
        _firstChild[parent] = node;
        if (sibling != None)
        {
            _previousSibling[sibling] = node;
        }
    }

    private void Detach(int node)
    {
        int previous = _previousSibling[node];
        int next = _nextSibling[node];
        if (previous == None)
        {
            _firstChild[_parent[node]] = next;
        }
        else
        {
            _nextSibling[previous] = next;
        }

        if (next != None)
        {
            _previousSibling[next] = previous;
        }
    }
}
