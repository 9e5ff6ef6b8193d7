namespace Tsds.Sampling;

/// <summary>
/// A sum that also accumulates the rounding errors: exact to the last bit or two for any number of terms in any order.
/// </summary>
/// <seealso href="https://doi.org/10.1002/zamm.19740540106">Neumaier 1974, Rundungsfehleranalyse einiger Verfahren zur
/// Summation endlicher Summen</seealso>
internal struct CompensatedSum
{
    private double _sum;
    private double _dropped;

    public readonly double Value => _sum + _dropped;

    public void Add(double term)
    {
        double sum = _sum + term;
        _dropped += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        _sum = sum;
    }
}
