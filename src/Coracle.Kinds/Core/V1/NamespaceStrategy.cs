using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

public sealed partial class NamespaceRules
{
    /// <summary>Names of namespaces are parts of the names of services, so they are single labels.</summary>
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) =>
        NameRules.Dns1123Label(isPrefix ? NameRules.WithoutTrailingDash(name) : name);
}
