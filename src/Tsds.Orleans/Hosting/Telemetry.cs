using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using Tsds.Orleans.Workers;

namespace Tsds.Orleans.Hosting;

/// <summary>Exports metrics and traces to a collector if the standard OpenTelemetry variables name one.</summary>
internal static class Telemetry
{
    private const string Prefix = "OTEL_";
    private const string EndpointVariable = Prefix + "EXPORTER_OTLP_ENDPOINT";

    public static void AddTo(HostApplicationBuilder builder)
    {
        Dictionary<string, string?> variables = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
        if (string.IsNullOrEmpty(variables.GetValueOrDefault(EndpointVariable)))
        {
            return;
        }

        // The exporter reads its variables from the configuration, which is otherwise closed to the environment.
        builder.Configuration.AddInMemoryCollection(variables);
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(WorkerMetrics.Name, "Microsoft.Orleans"))
            .WithTracing(traces => traces.AddSource(WorkerMetrics.Name))
            .UseOtlpExporter();
    }
}
