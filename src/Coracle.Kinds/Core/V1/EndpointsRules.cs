using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Endpoints beyond their schema.</summary>
public sealed partial class EndpointsRules : KindRules<Endpoints>
{
    public override string Deprecation => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Endpoints", "Addresses with their ports, the first three of them."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(Endpoints obj, DateTimeOffset now) =>
        [obj.Metadata.Name, Backends(obj), Cell.Age(obj.Metadata, now)];

    private static string Backends(Endpoints endpoints) =>
        endpoints.Subsets is { Count: > 0 } subsets ? Cell.FirstThree([.. subsets.SelectMany(Addresses)]) : "<none>";

    private static IEnumerable<string> Addresses(EndpointSubset subset)
    {
        var addresses = (subset.Addresses ?? []).Select(a => a.Ip);
        return subset.Ports is { Count: > 0 } ports ? ports.SelectMany(p => addresses.Select(a => HostPort(a, p.Port))) : addresses;
    }

    private static string HostPort(string address, int port) =>
        address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";
}
