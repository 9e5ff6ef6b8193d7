using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using Tsds.Orleans.Workers;

namespace Tsds.Orleans.Hosting;

/// <summary>Sends metrics and traces to a collector where the usual variable of OpenTelemetry names one.</summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTo(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 })
        {
            services.AddOpenTelemetry()
                .WithMetrics(metrics => metrics.AddMeter(WorkerMetrics.Name, "Microsoft.Orleans"))
                .WithTracing(traces => traces.AddSource(WorkerMetrics.Name))
                .UseOtlpExporter();
        }
    }
}
