using Xunit.v3;

namespace Coracle.Conformance;

/// <summary>
/// This test shows a behaviour that conformance.yaml lists; docs/conformance.md says so. Tests of other projects may claim behaviours too: they compile this file, by a link. Run one with
/// --filter-trait "Behaviour=NAME".
/// </summary>
/// <param name="name">Its testname; where several share one, what its codename says outside of brackets.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class BehaviourAttribute(string name) : Attribute, ITraitAttribute
{
    public string Name { get; } = name;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Behaviour", Name)];
}
