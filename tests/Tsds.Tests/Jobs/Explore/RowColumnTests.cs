using Tsds.Jobs.Explore;

namespace Tsds.Tests.Jobs.Explore;

public sealed class RowColumnTests
{
    [Fact]
    public void Set_Words_AreCategories()
    {
        RowColumn column = new();
        column.Set(1, "en", null);
        column.Set(700, "de", null);
        column.Set(701, "en", null);

        int[] codes = column.Codes(703);

        Assert.False(column.IsNumber);
        Assert.Equal(["en", "de"], column.Values);
        Assert.Equal([-1, 0, -1], codes[..3]);
        Assert.Equal([1, 0, -1], codes[700..]);
    }

    [Fact]
    public void Set_ManyNumbers_AreNumbers()
    {
        RowColumn column = new();
        for (int row = 0; row < 300; row += 2)
        {
            column.Set(row, $"{row}", row);
        }

        float[] numbers = column.Numbers(300);

        Assert.True(column.IsNumber);
        Assert.Equal(4, numbers[4]);
        Assert.True(float.IsNaN(numbers[5]));
    }

    [Fact]
    public void Set_ManyWords_TellNothing()
    {
        RowColumn column = new();
        for (int row = 0; row < 300; row++)
        {
            column.Set(row, $"id-{row}", null);
        }

        Assert.True(column.IsUseless);
    }
}
