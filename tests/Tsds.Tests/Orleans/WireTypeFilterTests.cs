using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Tsds.Orleans.Security;

namespace Tsds.Tests.Orleans;

/// <summary>The types that may be deserialized from the wire.</summary>
public sealed class WireTypeFilterTests
{
    [Theory]
    [InlineData("Tsds.Orleans.Wire.SearchOrder", "Tsds.Orleans", true)]
    [InlineData("Orleans.Runtime.SiloAddress", "Orleans.Core.Abstractions", true)]
    [InlineData("System.Byte[]", "System.Private.CoreLib", true)]
    [InlineData("System.Diagnostics.Process", "System.Diagnostics.Process", false)]
    [InlineData("System.IO.FileInfo", "System.Private.CoreLib", false)]
    [InlineData("System.IO.FileInfo", "", false)]
    [InlineData("System.Int32", "", true)]
    [InlineData("GrainRef", "", null)]
    [InlineData("System.Data.DataSet", "System.Data.Common", false)]
    [InlineData("System.Net.Http.HttpRequestException", "System.Net.Http", false)]
    [InlineData("Newtonsoft.Json.Linq.JObject", "Newtonsoft.Json", false)]
    [InlineData("Tsds.Jobs.Inputs.SelectionJobOptions", "Tsds.Data", false)]
    [InlineData("Orleans.Evil", "OrleansEvil", false)]
    public void IsTypeNameAllowed_DeclaredOnly(string type, string assembly, bool? isAllowed) =>
        Assert.Equal(isAllowed, new WireTypeFilter().IsTypeNameAllowed(type, assembly));

    [Fact]
    public void Deserialize_UndeclaredException_IsNotMade()
    {
        // The serializer alone makes any exception that its name is sent of; with the filter it makes a stand-in.
        byte[] bytes = Serializer(false).SerializeToArray<object>(new FileLoadException("from the wire"));
        Assert.IsType<FileLoadException>(Serializer(false).Deserialize<object>(bytes));
        object? made = Record.Exception(() =>
            Assert.IsNotType<FileLoadException>(Serializer(true).Deserialize<object>(bytes))
        );
        Assert.IsNotType<Xunit.Sdk.IsNotTypeException>(made);
    }

    private static Serializer Serializer(bool isFiltered)
    {
        ServiceCollection services = new();
        services.AddSerializer();
        if (isFiltered)
        {
            services.AddSingleton<ITypeNameFilter, WireTypeFilter>();
        }

        return services.BuildServiceProvider().GetRequiredService<Serializer>();
    }
}
