using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>Conditions of the common type (meta/v1). Kinds with a condition type of their own keep the same rules by hand.</summary>
public static class Conditions
{
    /// <summary>The condition of a type; null when there is none.</summary>
    public static Condition? Find(List<Condition>? conditions, string type) => conditions?.Find(c => c.Type == type);
    /// <summary>There is one of this type, and it is True.</summary>
    public static bool IsTrue(List<Condition>? conditions, string type) => Find(conditions, type)?.Status == ConditionStatus.True;

    /// <summary>
    /// Sets a condition; its transition time moves only when its status does. True when anything changed (apimachinery, SetStatusCondition).
    /// </summary>
    public static bool Set(List<Condition> conditions, Condition wanted, DateTimeOffset now)
    {
        var known = Find(conditions, wanted.Type);
        if (known is null)
        {
            wanted.LastTransitionTime ??= now;
            conditions.Add(wanted);
            return true;
        }
        var moved = known.Status != wanted.Status;
        var changed = moved || known.Reason != wanted.Reason || known.Message != wanted.Message || known.ObservedGeneration != wanted.ObservedGeneration;
        if (moved) known.LastTransitionTime = wanted.LastTransitionTime ?? now;
        (known.Status, known.Reason, known.Message, known.ObservedGeneration) = (wanted.Status, wanted.Reason, wanted.Message, wanted.ObservedGeneration);
        return changed;
    }

    /// <summary>Takes the condition of a type away; whether there was one.</summary>
    public static bool Remove(List<Condition>? conditions, string type) => conditions?.RemoveAll(c => c.Type == type) > 0;
}
