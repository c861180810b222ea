using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Ingresses beyond their schema.</summary>
public sealed partial class IngressRules : KindRules<Ingress>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Class", "The class, which says what carries the ingress out."),
        CommonColumns.Text("Hosts", "Hosts that the rules are for."),
        CommonColumns.Text("Address", "Where the ingress takes traffic."),
        CommonColumns.Text("Ports", "Ports that are open, by whether there is TLS."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(Ingress obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        obj.Spec.IngressClassName ?? "<none>",
        Hosts(obj.Spec.Rules ?? []),
        Addresses(obj.Status),
        obj.Spec.Tls is { Count: > 0 } ? "80, 443" : "80",
        Cell.Age(obj.Metadata, now),
    ];

    private static string Hosts(List<IngressRule> rules)
    {
        var hosts = rules.Select(r => r.Host).Where(h => h.Length > 0).ToList();
        if (hosts.Count == 0) return "*";
        return hosts.Count > 3 ? $"{string.Join(',', hosts.Take(3))} + {hosts.Count - 3} more..." : string.Join(',', hosts);
    }

    private static string Addresses(IngressStatus status) => string.Join(',', new SortedSet<string>(
        (status.LoadBalancer.Ingress ?? []).Select(i => i.Ip.Length > 0 ? i.Ip : i.Hostname).Where(a => a.Length > 0), StringComparer.Ordinal));
}
