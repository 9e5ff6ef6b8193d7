using Tsds.Data.Embedding.Lexical;

namespace Tsds.Tests.Data.Embedding.Lexical;

/// <summary>Products in registers against the plain loops that define their bits.</summary>
public sealed class DenseKernelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(65)]
    [InlineData(150)]
    public void Combine_AnyWidth_IsTheSumTermByTerm(int width)
    {
        const int Rows = 40;
        float[] dense = Numbers(Rows * (width + 3), 1);
        (int Column, float Value)[] terms = [.. Numbers(25, 2).Select((value, i) => ((i * 7) % Rows, value))];
        float[] sum = new float[width];
        DenseKernels.Combine(terms, dense, width + 3, sum);

        float[] expected = new float[width];
        foreach ((int row, float value) in terms)
        {
            for (int i = 0; i < width; i++)
            {
                expected[i] += dense[(row * (width + 3)) + i] * value;
            }
        }

        Assert.Equal(expected, sum);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 6)]
    [InlineData(70, 33)]
    public void MultiplyInPlace_AnyShape_IsTheProduct(int rows, int width)
    {
        float[] matrix = Numbers(rows * width, 3);
        float[] right = Numbers(width * width, 4);
        float[] product = [.. matrix];
        DenseKernels.MultiplyInPlace(product, width, DenseKernels.Pack(right, width));

        float[] expected = new float[rows * width];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < width; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    expected[(row * width) + j] += right[(i * width) + j] * matrix[(row * width) + i];
                }
            }
        }

        Assert.Equal(expected, product);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 6)]
    [InlineData(150, 33)]
    public void Gram_AnyShape_IsTheProductWithItsTranspose(int rows, int width)
    {
        float[] matrix = Numbers(rows * width, 5);
        double[] gram = new double[width * width];
        DenseKernels.Gram(matrix, width, gram);
        for (int i = 0; i < width; i++)
        {
            for (int j = i; j < width; j++)
            {
                double expected = 0;
                for (int row = 0; row < rows; row++)
                {
                    expected += (double)matrix[(row * width) + i] * matrix[(row * width) + j];
                }

                Assert.Equal(expected, gram[(i * width) + j]);
            }
        }
    }

    private static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
