using System.Globalization;
using System.Text;

namespace Coracle.Bench;

/// <summary>The pods that are written: of a given size, for a scheduler that does not exist, so that they stay what they are.</summary>
internal static class PodText
{
    /// <summary>Where updates put the time at which they were sent. The first annotation by name, to be found soon.</summary>
    public const string StampAnnotation = "a.bench/sent";

    public static byte[] Pod(string name, int bytes)
    {
        var text = Pod(name, padding: "");
        return Encoding.UTF8.GetBytes(text.Length >= bytes ? text : Pod(name, new string('x', bytes - text.Length)));
    }

    private static string Pod(string name, string padding) =>
        $$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","labels":{"app":"bench","part":"p{{name[^1]}}" },"annotations":{"bench/padding":"{{padding}}"} },"spec":{"schedulerName":"bench-nobody","containers":[{"name":"main","image":"registry.k8s.io/pause:3.10","ports":[{"containerPort":8080,"protocol":"TCP"}],"env":[{"name":"MODE","value":"bench"},{"name":"LEVEL","value":"info"}],"resources":{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"cpu":"100m","memory":"64Mi"} } }] } }
        """;

    public static byte[] Stamp(long ticks) =>
        Encoding.UTF8.GetBytes($$"""{"metadata":{"annotations":{"{{StampAnnotation}}":"{{ticks.ToString(CultureInfo.InvariantCulture)}}"} } }""");

    public static byte[] StampMarker { get; } = Encoding.UTF8.GetBytes($"\"{StampAnnotation}\":\"");

    public static string Deployment(int replicas) =>
        $$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"bench"},"spec":{"replicas":{{replicas.ToString(CultureInfo.InvariantCulture)}},"selector":{"matchLabels":{"app":"bench"} },"template":{"metadata":{"labels":{"app":"bench"} },"spec":{"containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}] } } } }
        """;
}
