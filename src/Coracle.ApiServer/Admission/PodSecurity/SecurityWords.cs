namespace Coracle.ApiServer;

/// <summary>How Pod Security puts lists into words.</summary>
internal static class SecurityWords
{
    public static string Quoted(IEnumerable<string> items) => string.Join(", ", items.Select(i => $"\"{i}\""));
    public static string Many(string one, string many, int count) => count == 1 ? one : many;
    public static string Containers(IReadOnlyCollection<string> names) => $"{Many("container", "containers", names.Count)} {Quoted(names)}";

    /// <summary>"pod and containers "a", "b"": who set something.</summary>
    public static string Setters(bool pod, IReadOnlyCollection<string> containers, string? more = null)
    {
        var all = new List<string>();
        if (pod) all.Add("pod");
        if (containers.Count > 0) all.Add(Containers(containers));
        if (more is not null) all.Add(more);
        return string.Join(" and ", all);
    }
}
