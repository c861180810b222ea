using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Defaulting;

/// <summary>Amounts of resources are kept in thousandths at the finest: what is finer is rounded up (upstream: SetDefaults_ResourceList).</summary>
internal static class ResourceRounding
{
    /// <summary>Rounds the limits and the requests of a container or pod.</summary>
    internal static void Requirements(JsonObject? resources)
    {
        List(resources.Child("limits"));
        List(resources.Child("requests"));
    }

    internal static void List(JsonObject? list)
    {
        if (list is null) return;
        foreach (var name in list.Select(entry => entry.Key).ToArray())
        {
            if (!Quantity.TryParse(list.Text(name), out var amount)) continue;
            var rounded = Quantity.FromMilli(amount.MilliValue, amount.Format);
            if (rounded > amount) list[name] = rounded.ToString();
        }
    }
}
