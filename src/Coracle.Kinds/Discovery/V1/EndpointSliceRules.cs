using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Discovery.V1;

/// <summary>Endpoint slices beyond their schema.</summary>
public sealed partial class EndpointSliceRules : KindRules<EndpointSlice>
{
    /// <summary>Labels count as well: they say to which service the endpoints belong.</summary>
    public override bool? ChangesGeneration(JsonObject obj, JsonObject old) =>
        Change.Beside(obj, old) || Change.Of(obj.Child("metadata"), old.Child("metadata"), "labels");

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("AddressType", "What the addresses are: IPv4, IPv6 or FQDN."),
        CommonColumns.Text("Ports", "Ports of every endpoint, the first three of them."),
        CommonColumns.Text("Endpoints", "Addresses, the first three of them."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(EndpointSlice obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        obj.AddressType,
        OrUnset(Cell.FirstThree([.. (obj.Ports ?? []).Select(Port)])),
        OrUnset(Cell.FirstThree([.. (obj.Endpoints ?? []).SelectMany(e => e.Addresses ?? [])])),
        Cell.Age(obj.Metadata, now),
    ];

    private static string Port(EndpointPort port) => port.Port?.ToString(CultureInfo.InvariantCulture) ?? port.Name ?? "*";
    private static string OrUnset(string text) => text.Length == 0 ? "<unset>" : text;
}
