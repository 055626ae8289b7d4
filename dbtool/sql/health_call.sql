select h.level, h.object, h.figure, h.threshold, h.meaning, h.remedy
from ops.check_database_health(%s) as h
